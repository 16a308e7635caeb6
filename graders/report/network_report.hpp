/// The table of a network: for a terminal, as Markdown, as JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "oracles/network/network.hpp"

namespace assay::graders::report {

/// Plain text, at most `width` columns where the numbers allow it: if the factors of the parameters do not
/// fit beside the rest, they follow below.
std::string network_text(const oracles::NetworkTable& table, const oracles::Account& account,
                         std::size_t width = 80);

/// A GitHub table with the same columns.
std::string network_markdown(const oracles::NetworkTable& table, const oracles::Account& account);

/// Exact integers: numbers up to 2^53, text beyond. docs/networks.md lists the fields.
nlohmann::json network_json(const oracles::NetworkTable& table, const oracles::Account& account);

/// "12.2 MiB": one decimal, rounded half up; exact below 1 KiB.
std::string memory_text(const oracles::Whole& bytes);

}  // namespace assay::graders::report
