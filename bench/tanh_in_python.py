"""The tanh claim (cs231n-2019.tf.6) in Hypothesis, each instance evaluated by mpmath at 128 bits.

    tanh_in_python.py CASES         prints the seconds of processor time that CASES instances took

    |g tanh'(x)| <= |g|,  tanh' = 1 - tanh^2,  for every x and every upstream gradient g that a double can hold
"""
import sys
import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import floats
from mpmath import mp, mpf

mp.prec = 128
cases = int(sys.argv[1])
evaluated = 0
numbers = floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=cases, database=None, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=list(HealthCheck))
@given(numbers, numbers)
def no_gradient_grows(x, g):
    global evaluated
    evaluated += 1
    upstream = mpf(g)
    assert abs(upstream * (1 - mp.tanh(mpf(x)) ** 2)) <= abs(upstream)


start = time.process_time()
no_gradient_grows()
seconds = time.process_time() - start
print(seconds * cases / evaluated)
