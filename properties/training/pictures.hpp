/// Pictures of what training does, from runs of the trainer.
#pragma once

#include "properties/picture.hpp"

namespace assay::properties::training {

/// Validation loss minus training loss over the strength of L2 weight decay: the median of 12 seeds between
/// the ends of its 95 % interval. Data and net of cmu24788-2025.mc.3.f.C.
Picture loss_gap_over_decay();

/// How far the gradient of a random batch lies from that of all data, over the size of the batch.
Picture noise_over_batch_size();

}  // namespace assay::properties::training
