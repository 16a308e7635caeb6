/// The whole assignment: give back twice the argument.
#pragma once

double twice(double x);
