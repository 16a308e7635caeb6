#include "properties/formula/symbols.hpp"

#include <algorithm>
#include <array>

namespace assay::properties::formula {

namespace {

using F = Function;

constexpr FunctionSpec function_table[] = {
    {"exp", F::exp, 1, 1, true},
    {"log", F::log, 1, 2, true},
    {"ln", F::log, 1, 1, true},
    {"log1p", F::log1p, 1, 1, true},
    {"expm1", F::expm1, 1, 1, true},
    {"sqrt", F::sqrt, 1, 1, true},
    {"tanh", F::tanh, 1, 1, true},
    {"sigmoid", F::sigmoid, 1, 1, true},
    {"softplus", F::softplus, 1, 1, true},
    {"erf", F::erf, 1, 1, true},
    {"erfc", F::erfc, 1, 1, true},
    {"relu", F::relu, 1, 1, true},
    {"ReLU", F::relu, 1, 1, true},
    {"step", F::step, 1, 1, true},
    {"sign", F::sign, 1, 1, true},
    {"sgn", F::sign, 1, 1, true},
    {"sin", F::sin, 1, 1, true},
    {"cos", F::cos, 1, 1, true},
    {"abs", F::abs, 1, 1, true},
    {"floor", F::floor, 1, 1, true},
    {"ceil", F::ceil, 1, 1, true},
    {"norm", F::norm, 1, 2},
    {"dot", F::dot, 2, 2},
    {"length", F::length, 1, 2},
    {"argmax", F::argmax, 1, 1},
    {"argmin", F::argmin, 1, 1},
    {"transpose", F::transpose, 1, 1},
    {"indicator", F::indicator, 1, 1},
    {"sum", F::sum, 1, 1},
    {"prod", F::prod, 1, 1},
    {"max", F::max, 1, any_number},
    {"min", F::min, 1, any_number},
    {"mean", F::mean, 1, 1},
    {"if", F::choose, 2, any_number},
    {"cases", F::choose, 2, any_number},
    {"diff", F::diff, 2, 2},
};

struct ConstantName {
  std::string_view name;
  Constant constant;
};
constexpr ConstantName constant_table[] = {{"pi", Constant::pi},
                                           {"e", Constant::e},
                                           {"true", Constant::yes},
                                           {"false", Constant::no},
                                           {"inf", Constant::infinity}};

struct Letter {
  std::string_view command, name;
};
constexpr Letter letter_table[] = {{"alpha", "alpha"},
                                   {"beta", "beta"},
                                   {"gamma", "gamma"},
                                   {"delta", "delta"},
                                   {"epsilon", "epsilon"},
                                   {"zeta", "zeta"},
                                   {"eta", "eta"},
                                   {"theta", "theta"},
                                   {"iota", "iota"},
                                   {"kappa", "kappa"},
                                   {"lambda", "lambda"},
                                   {"mu", "mu"},
                                   {"nu", "nu"},
                                   {"xi", "xi"},
                                   {"pi", "pi"},
                                   {"rho", "rho"},
                                   {"sigma", "sigma"},
                                   {"tau", "tau"},
                                   {"upsilon", "upsilon"},
                                   {"phi", "phi"},
                                   {"chi", "chi"},
                                   {"psi", "psi"},
                                   {"omega", "omega"},
                                   {"Gamma", "Gamma"},
                                   {"Delta", "Delta"},
                                   {"Theta", "Theta"},
                                   {"Lambda", "Lambda"},
                                   {"Xi", "Xi"},
                                   {"Pi", "Pi"},
                                   {"Sigma", "Sigma"},
                                   {"Upsilon", "Upsilon"},
                                   {"Phi", "Phi"},
                                   {"Psi", "Psi"},
                                   {"Omega", "Omega"},
                                   {"varepsilon", "epsilon"},
                                   {"vartheta", "theta"},
                                   {"varphi", "phi"},
                                   {"varrho", "rho"},
                                   {"ell", "l"}};

using R = Command::Role;

constexpr Command command_table[] = {{R::skip, "left"},
                                     {R::skip, "right"},
                                     {R::skip, "big"},
                                     {R::skip, "Big"},
                                     {R::skip, "bigl"},
                                     {R::skip, "bigr"},
                                     {R::skip, "Bigl"},
                                     {R::skip, "Bigr"},
                                     {R::skip, "bigg"},
                                     {R::skip, "Bigg"},
                                     {R::skip, "biggl"},
                                     {R::skip, "biggr"},
                                     {R::skip, "Biggl"},
                                     {R::skip, "Biggr"},
                                     {R::skip, "quad"},
                                     {R::skip, "qquad"},
                                     {R::skip, "displaystyle"},
                                     {R::skip, "textstyle"},
                                     {R::skip, "limits"},
                                     {R::skip, "nolimits"},
                                     {R::skip, "mathstrut"},
                                     {R::symbol, "cdot", "*"},
                                     {R::symbol, "times", "*"},
                                     {R::symbol, "ast", "*"},
                                     {R::symbol, "div", "/"},
                                     {R::symbol, "odot", ".*"},
                                     {R::symbol, "circ", ".*"},
                                     {R::symbol, "le", "<="},
                                     {R::symbol, "leq", "<="},
                                     {R::symbol, "leqslant", "<="},
                                     {R::symbol, "ge", ">="},
                                     {R::symbol, "geq", ">="},
                                     {R::symbol, "geqslant", ">="},
                                     {R::symbol, "ne", "!="},
                                     {R::symbol, "neq", "!="},
                                     {R::symbol, "lt", "<"},
                                     {R::symbol, "gt", ">"},
                                     {R::symbol, "lvert", "|"},
                                     {R::symbol, "rvert", "|"},
                                     {R::symbol, "vert", "|"},
                                     {R::symbol, "mid", "|"},
                                     {R::symbol, "lVert", "||"},
                                     {R::symbol, "rVert", "||"},
                                     {R::symbol, "Vert", "||"},
                                     {R::symbol, "lbrace", "\\{"},
                                     {R::symbol, "rbrace", "\\}"},
                                     {R::symbol, "lbrack", "["},
                                     {R::symbol, "rbrack", "]"},
                                     {R::symbol, "lfloor", "floor("},
                                     {R::symbol, "rfloor", ")floor"},
                                     {R::symbol, "lceil", "ceil("},
                                     {R::symbol, "rceil", ")ceil"},
                                     {R::symbol, "partial", "partial"},
                                     {R::symbol, "in", "element"},
                                     {R::symbol, "nabla", "gradient"},
                                     {R::symbol, "top", "top"},
                                     {R::symbol, "intercal", "top"},
                                     {R::symbol, "prime", "prime"},
                                     {R::word, "log", "log"},
                                     {R::word, "ln", "ln"},
                                     {R::word, "exp", "exp"},
                                     {R::word, "tanh", "tanh"},
                                     {R::word, "sin", "sin"},
                                     {R::word, "cos", "cos"},
                                     {R::word, "max", "max"},
                                     {R::word, "min", "min"},
                                     {R::word, "sum", "sum"},
                                     {R::word, "prod", "prod"},
                                     {R::word, "infty", "inf"},
                                     {R::word, "land", "and"},
                                     {R::word, "wedge", "and"},
                                     {R::word, "lor", "or"},
                                     {R::word, "vee", "or"},
                                     {R::word, "neg", "not"},
                                     {R::word, "lnot", "not"},
                                     {R::word, "implies", "implies"},
                                     {R::word, "Rightarrow", "implies"},
                                     {R::accent, "hat", "_hat"},
                                     {R::accent, "widehat", "_hat"},
                                     {R::accent, "bar", "_bar"},
                                     {R::accent, "overline", "_bar"},
                                     {R::accent, "tilde", "_tilde"},
                                     {R::accent, "widetilde", "_tilde"},
                                     {R::style, "mathbf"},
                                     {R::style, "mathbb"},
                                     {R::style, "mathbbm"},
                                     {R::style, "mathds"},
                                     {R::style, "mathrm"},
                                     {R::style, "mathit"},
                                     {R::style, "mathcal"},
                                     {R::style, "mathsf"},
                                     {R::style, "boldsymbol"},
                                     {R::style, "bm"},
                                     {R::style, "vec"},
                                     {R::style, "operatorname"},
                                     {R::style, "text"},
                                     {R::style, "textrm"},
                                     {R::style, "textit"},
                                     {R::style, "textbf"},
                                     {R::style, "mbox"},
                                     {R::own, "frac"},
                                     {R::own, "dfrac"},
                                     {R::own, "tfrac"},
                                     {R::own, "sqrt"},
                                     {R::own, "begin"},
                                     {R::own, "end"}};

using C = Character::Role;

constexpr Character character_table[] = {{C::symbol, U'×', "*"},         {C::symbol, U'·', "*"},
                                         {C::symbol, U'⋅', "*"},         {C::symbol, U'∙', "*"},
                                         {C::symbol, U'∗', "*"},         {C::symbol, U'−', "-"},
                                         {C::symbol, U'–', "-"},         {C::symbol, U'÷', "/"},
                                         {C::symbol, U'∕', "/"},         {C::symbol, U'⊙', ".*"},
                                         {C::symbol, U'∘', ".*"},        {C::symbol, U'≤', "<="},
                                         {C::symbol, U'⩽', "<="},        {C::symbol, U'≥', ">="},
                                         {C::symbol, U'⩾', ">="},        {C::symbol, U'≠', "!="},
                                         {C::symbol, U'∂', "partial"},   {C::symbol, U'‖', "||"},
                                         {C::symbol, U'∥', "||"},        {C::symbol, U'⌊', "floor("},
                                         {C::symbol, U'⌋', ")floor"},    {C::symbol, U'⌈', "ceil("},
                                         {C::symbol, U'⌉', ")ceil"},     {C::symbol, U'⊤', "top"},
                                         {C::symbol, U'𝟙', "indicator"}, {C::symbol, U'𝟏', "indicator"},
                                         {C::word, U'√', "sqrt"},        {C::word, U'Σ', "sum"},
                                         {C::word, U'∑', "sum"},         {C::word, U'Π', "prod"},
                                         {C::word, U'∏', "prod"},        {C::word, U'∞', "inf"},
                                         {C::word, U'∧', "and"},         {C::word, U'∨', "or"},
                                         {C::word, U'¬', "not"},         {C::word, U'⇒', "implies"},
                                         {C::word, U'⟹', "implies"},     {C::letter, U'α', "alpha"},
                                         {C::letter, U'β', "beta"},      {C::letter, U'γ', "gamma"},
                                         {C::letter, U'δ', "delta"},     {C::letter, U'ε', "epsilon"},
                                         {C::letter, U'ϵ', "epsilon"},   {C::letter, U'ζ', "zeta"},
                                         {C::letter, U'η', "eta"},       {C::letter, U'θ', "theta"},
                                         {C::letter, U'ϑ', "theta"},     {C::letter, U'ι', "iota"},
                                         {C::letter, U'κ', "kappa"},     {C::letter, U'λ', "lambda"},
                                         {C::letter, U'μ', "mu"},        {C::letter, U'µ', "mu"},
                                         {C::letter, U'ν', "nu"},        {C::letter, U'ξ', "xi"},
                                         {C::letter, U'π', "pi"},        {C::letter, U'ρ', "rho"},
                                         {C::letter, U'σ', "sigma"},     {C::letter, U'τ', "tau"},
                                         {C::letter, U'υ', "upsilon"},   {C::letter, U'φ', "phi"},
                                         {C::letter, U'ϕ', "phi"},       {C::letter, U'χ', "chi"},
                                         {C::letter, U'ψ', "psi"},       {C::letter, U'ω', "omega"},
                                         {C::letter, U'Γ', "Gamma"},     {C::letter, U'Δ', "Delta"},
                                         {C::letter, U'Θ', "Theta"},     {C::letter, U'Λ', "Lambda"},
                                         {C::letter, U'Ξ', "Xi"},        {C::letter, U'Φ', "Phi"},
                                         {C::letter, U'Ψ', "Psi"},       {C::letter, U'Ω', "Omega"},
                                         {C::letter, U'ℓ', "l"},         {C::raised, U'⁰', "0"},
                                         {C::raised, U'¹', "1"},         {C::raised, U'²', "2"},
                                         {C::raised, U'³', "3"},         {C::raised, U'⁴', "4"},
                                         {C::raised, U'⁵', "5"},         {C::raised, U'⁶', "6"},
                                         {C::raised, U'⁷', "7"},         {C::raised, U'⁸', "8"},
                                         {C::raised, U'⁹', "9"},         {C::raised, U'⁻', "-"},
                                         {C::raised, U'ⁿ', "n"},         {C::raised, U'ⁱ', "i"},
                                         {C::raised, U'ᵏ', "k"},         {C::raised, U'ᵀ', "T"},
                                         {C::lowered, U'₀', "0"},        {C::lowered, U'₁', "1"},
                                         {C::lowered, U'₂', "2"},        {C::lowered, U'₃', "3"},
                                         {C::lowered, U'₄', "4"},        {C::lowered, U'₅', "5"},
                                         {C::lowered, U'₆', "6"},        {C::lowered, U'₇', "7"},
                                         {C::lowered, U'₈', "8"},        {C::lowered, U'₉', "9"},
                                         {C::lowered, U'ᵢ', "i"},        {C::lowered, U'ⱼ', "j"},
                                         {C::lowered, U'ₖ', "k"},        {C::lowered, U'ₗ', "l"},
                                         {C::lowered, U'ₘ', "m"},        {C::lowered, U'ₙ', "n"},
                                         {C::lowered, U'ₚ', "p"},        {C::lowered, U'ₜ', "t"},
                                         {C::lowered, U'ₓ', "x"},        {C::prime, U'′', "'"},
                                         {C::accent, U'\u0302', "_hat"}, {C::accent, U'\u0304', "_bar"},
                                         {C::accent, U'\u0305', "_bar"}, {C::accent, U'\u0303', "_tilde"},
                                         {C::letter, U'ŷ', "y_hat"},     {C::letter, U'Ŷ', "Y_hat"},
                                         {C::letter, U'ẑ', "z_hat"},     {C::letter, U'ŵ', "w_hat"},
                                         {C::letter, U'ŝ', "s_hat"},     {C::letter, U'â', "a_hat"},
                                         {C::letter, U'ĥ', "h_hat"},     {C::letter, U'ȳ', "y_bar"},
                                         {C::letter, U'Ȳ', "Y_bar"},     {C::letter, U'ē', "e_bar"},
                                         {C::letter, U'Ē', "E_bar"},     {C::symbol, U'∇', "gradient"},
                                         {C::symbol, U'∈', "element"},   {C::space, U'\u00a0'},
                                         {C::space, U'\u2009'},          {C::space, U'\u202f'},
                                         {C::space, U'\u2062'},          {C::space, U'\ufeff'}};

/// The entry of a table whose `member` is `wanted`, or null.
template <class Table, class Member, class Wanted>
auto find_in(const Table& table, Member member, const Wanted& wanted) -> decltype(std::data(table)) {
  const auto found = std::ranges::find(table, wanted, member);
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace

std::span<const FunctionSpec> functions() {
  return function_table;
}

const FunctionSpec* find_function(std::string_view name) {
  return find_in(function_table, &FunctionSpec::name, name);
}

std::string_view name_of(Function function) {
  return find_in(function_table, &FunctionSpec::function, function)->name;
}

const Constant* find_constant(std::string_view name) {
  const auto* found = find_in(constant_table, &ConstantName::name, name);
  return found ? &found->constant : nullptr;
}

std::string_view name_of(Constant constant) {
  return find_in(constant_table, &ConstantName::constant, constant)->name;
}

std::string_view name_of(Relation relation) {
  constexpr std::array<std::string_view, 6> names{"<", "<=", ">", ">=", "=", "!="};
  return names[static_cast<std::size_t>(relation)];
}

std::string_view greek_letter(std::string_view command) {
  const Letter* found = find_in(letter_table, &Letter::command, command);
  return found ? found->name : std::string_view{};
}

const Command* find_command(std::string_view name) {
  return find_in(command_table, &Command::name, name);
}

const Character* find_character(char32_t point) {
  return find_in(character_table, &Character::point, point);
}

}  // namespace assay::properties::formula
