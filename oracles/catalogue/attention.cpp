#include "oracles/catalogue/families.hpp"
#include "oracles/catalogued.hpp"
#include "oracles/ops/gru_cell.hpp"
#include "oracles/ops/lstm_cell.hpp"
#include "oracles/ops/multi_head_attention.hpp"
#include "oracles/ops/patch_attention.hpp"
#include "oracles/ops/rnn_tanh_cell.hpp"
#include "oracles/ops/scaled_dot_product_attention.hpp"

namespace assay::oracles {

std::vector<Operation> attention() {
  return {
      catalogued<ops::GruCell>(),
      catalogued<ops::LstmCell>(),
      catalogued<ops::MultiHeadAttention>(),
      catalogued<ops::PatchAttention>(),
      catalogued<ops::RnnTanhCell>(),
      catalogued<ops::ScaledDotProductAttention>(),
  };
}

}  // namespace assay::oracles
