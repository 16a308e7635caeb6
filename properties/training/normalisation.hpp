/// Batch norm over all positions of all examples of a batch, channel by channel.
#pragma once

#include "properties/training/layers.hpp"

namespace assay::properties::training {

void forward_batch_norm(const Layer& layer, const Forward& call, Workspace& workspace);
void backward_batch_norm(const Layer& layer, const Backward& call, const Workspace& workspace);

}  // namespace assay::properties::training
