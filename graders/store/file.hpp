/// The store's file: opened, checked, and what SQLite says of it in words.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <filesystem>

#include "graders/store/store.hpp"

namespace assay::graders {

/// Opens a store's file and makes its tables where there are none. Throws StoreError.
SQLite::Database open_store(const std::filesystem::path& file, bool write);

/// What to tell a person of it.
StoreError store_error(const std::filesystem::path& file, const SQLite::Exception& error);

}  // namespace assay::graders
