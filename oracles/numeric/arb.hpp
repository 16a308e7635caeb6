/// The one place that knows where Arb's header lives: inside flint/ since FLINT 3, a header of its own
/// before.
#pragma once

#include <gmp.h>  // before FLINT: its mpz and mpq conversions are declared only then

#if defined(ASSAY_ARB_IN_FLINT) || __has_include(<flint/arb.h>)
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/fmpq.h>
#else
#include <arb.h>
#include <arb_hypgeom.h>
#include <flint/fmpq.h>
#endif
