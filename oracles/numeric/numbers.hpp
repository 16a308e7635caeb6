/// The numbers of the oracles, and what can be asked of them.
#pragma once

#include "oracles/numeric/allowance.hpp"  // allowance, judge: the self-calibrating tolerance
#include "oracles/numeric/ball.hpp"       // Ball: midpoint, radius, contains, less ...
#include "oracles/numeric/decide.hpp"     // decide: more bits until certain
#include "oracles/numeric/dot.hpp"        // dot, sum
#include "oracles/numeric/functions.hpp"  // exp, relu, step, select, either ...
#include "oracles/numeric/precision.hpp"  // Format, PrecisionScope, FormatScope
#include "oracles/numeric/rational.hpp"   // Rational, exact text
#include "oracles/numeric/truth.hpp"      // Truth: no, yes, unknown
#include "oracles/numeric/ulp.hpp"        // ulp, unit_roundoff
