#include "graders/cli/oracle_json.hpp"

#include <cmath>
#include <cstdio>

#include "fixtures/nearest.hpp"

namespace assay::cli {
namespace {

using nlohmann::json;
using oracles::AskError;
using oracles::TextTensor;

[[noreturn]] void refuse(const std::string& where, const std::string& message) {
  throw AskError("bad_json", where, message);
}

/// A JSON number is the nearest double, exactly; a string is taken as it stands.
std::string number_text(const json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  if (!value.is_number())
    refuse(where, "a number is needed: a JSON number, or a string such as \"1/3\" or \"0x1.8p+1\"");
  char text[40];
  std::snprintf(text, sizeof text, "%a", value.get<double>());
  return text;
}

/// Appends the elements of nested lists, which must all have one shape.
void flatten(const json& value, std::size_t depth, TextTensor& result, const std::string& where) {
  if (depth == result.shape.size()) {
    if (value.is_array()) refuse(where, "the list is nested more deeply in one place than in another");
    result.data.push_back(number_text(value, where));
    return;
  }
  if (!value.is_array() || value.size() != result.shape[depth])
    refuse(where, "the list is ragged: rows of one length are needed");
  for (const json& element : value) flatten(element, depth + 1, result, where);
}

oracles::Shape read_shape(const json& value, const std::string& where) {
  oracles::Shape shape;
  if (!value.is_array()) refuse(where, "a shape is a list of whole numbers");
  for (const json& extent : value) {
    if (!extent.is_number_unsigned())
      refuse(where, "a shape is a list of whole numbers, none of them negative");
    shape.push_back(extent.get<std::size_t>());
  }
  return shape;
}

std::string attribute_text(const json& value, const std::string& where) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (!value.is_array()) return number_text(value, where);
  std::string text;
  for (const json& part : value) text += (text.empty() ? "" : ",") + number_text(part, where);
  return text;
}

/// Refuses keys that nobody reads.
void check_keys(const json& object, const std::string& where, const std::vector<std::string>& known) {
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::string near = assay::nearest(key, known);
    throw AskError("unknown_key", where.empty() ? key : where + "." + key,
                   "there is no key \"" + key + "\" here" +
                       (near.empty() ? std::string() : "; did you mean \"" + near + "\"?"));
  }
}

const json& object_at(const json& request, const char* key) {
  static const json empty = json::object();
  const auto found = request.find(key);
  if (found == request.end()) return empty;
  if (!found->is_object()) refuse(key, std::string("\"") + key + "\" must be an object, {\"name\": value}");
  return *found;
}

oracles::TextTensors read_tensors(const json& request, const char* key) {
  oracles::TextTensors tensors;
  for (const auto& [name, value] : object_at(request, key).items())
    tensors[name] = read_tensor(value, std::string(key) + "." + name);
  return tensors;
}

long whole(const json& value, const std::string& where) {
  if (!value.is_number_integer()) refuse(where, "\"" + where + "\" must be a whole number");
  return value.get<long>();
}

/// JSON has no infinities and no NaN.
OrderedJson number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return value;
}

OrderedJson numbers(const std::vector<double>& values) {
  OrderedJson list = OrderedJson::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

OrderedJson to_json(const oracles::AnswerTensor& tensor, bool textbook) {
  OrderedJson entry{{"shape", tensor.shape},
                    {"data", tensor.digits},
                    {"radius", tensor.radius},
                    {"double", numbers(tensor.nearest)}};
  if (!tensor.exact.empty()) entry["exact"] = tensor.exact;
  if (textbook) {
    entry["float64"] = numbers(tensor.float64);
    entry["float64_ulps"] = numbers(tensor.float64_ulps);
    entry["float32"] = numbers(tensor.float32);
    entry["float32_ulps"] = numbers(tensor.float32_ulps);
  }
  return entry;
}

OrderedJson to_json(const std::vector<oracles::AnswerTensor>& tensors, bool textbook) {
  OrderedJson all = OrderedJson::object();
  for (const auto& tensor : tensors) all[tensor.name] = to_json(tensor, textbook);
  return all;
}

OrderedJson to_json(const oracles::TextTensors& tensors) {
  OrderedJson all = OrderedJson::object();
  for (const auto& [name, tensor] : tensors) {
    OrderedJson data = OrderedJson::array();
    for (const std::string& text : tensor.data) data.push_back(OrderedJson::parse(text));
    all[name] = {{"shape", tensor.shape}, {"data", std::move(data)}};
  }
  return all;
}

}  // namespace

TextTensor read_tensor(const json& value, const std::string& where) {
  TextTensor result{oracles::Shape{0}};
  if (value.is_object()) {
    check_keys(value, where, {"shape", "data"});
    if (!value.contains("shape") || !value.contains("data") || !value["data"].is_array())
      refuse(where, "a tensor is {\"shape\": [...], \"data\": [...]}, or nested lists");
    result.shape = read_shape(value["shape"], where + ".shape");
    for (const json& element : value["data"]) result.data.push_back(number_text(element, where + ".data"));
    if (result.data.size() != oracles::element_count(result.shape))
      throw AskError("shape_mismatch", where,
                     "shape " + oracles::to_string(result.shape) + " needs " +
                         std::to_string(oracles::element_count(result.shape)) + " elements, and data has " +
                         std::to_string(result.data.size()));
    return result;
  }
  result.shape.clear();
  for (const json* level = &value; level->is_array(); level = &level->front()) {
    result.shape.push_back(level->size());
    if (level->empty()) break;
  }
  flatten(value, 0, result, where);
  return result;
}

Request read_request(std::string_view line, const std::string& operation) {
  json parsed;
  try {
    parsed = json::parse(line);
  } catch (const json::exception& error) {
    const std::string what = error.what();
    refuse("", what.substr(what.find("] ") + 2));
  }
  if (!parsed.is_object()) refuse("", "a request is one JSON object a line");
  check_keys(parsed, "", {"op", "attributes", "inputs", "cotangents", "bits", "digits", "id", "textbook"});
  Request request;
  request.question.operation = operation;
  if (parsed.contains("op")) {
    if (!parsed["op"].is_string()) refuse("op", "\"op\" must be the name of an operation, as text");
    request.question.operation = parsed["op"].get<std::string>();
  }
  if (request.question.operation.empty())
    throw AskError("unknown_operation", "op", "the request names no operation; add \"op\": \"softmax\"");
  for (const auto& [name, value] : object_at(parsed, "attributes").items())
    request.question.attributes[name] = attribute_text(value, "attributes." + name);
  request.question.inputs = read_tensors(parsed, "inputs");
  request.question.upstream = read_tensors(parsed, "cotangents");
  if (parsed.contains("bits")) request.question.bits = whole(parsed["bits"], "bits");
  if (parsed.contains("digits"))
    request.question.digits = static_cast<int>(std::clamp(whole(parsed["digits"], "digits"), -1L, 1L << 30));
  if (parsed.contains("id")) request.id = parsed["id"];
  request.textbook = parsed.value("textbook", false);
  return request;
}

OrderedJson to_json(const oracles::Question& question) {
  OrderedJson request{{"op", question.operation}};
  if (!question.attributes.empty()) request["attributes"] = question.attributes;
  request["inputs"] = to_json(question.inputs);
  if (!question.upstream.empty()) request["cotangents"] = to_json(question.upstream);
  return request;
}

OrderedJson to_json(const oracles::Answer& answer, bool textbook) {
  OrderedJson reply{{"outputs", to_json(answer.outputs, textbook)}};
  if (!answer.gradients.empty()) reply["gradients"] = to_json(answer.gradients, textbook);
  reply["bits"] = answer.bits;
  return reply;
}

OrderedJson to_json(const AskError& error) {
  OrderedJson entry{{"code", error.code}, {"message", error.what()}};
  if (!error.where.empty()) entry["where"] = error.where;
  return {{"error", std::move(entry)}};
}

Reply reply_to(std::string_view line, const std::string& operation) {
  OrderedJson document;
  bool is_error = false;
  Request request;
  try {
    request = read_request(line, operation);
    document = to_json(ask(request.question), request.textbook);
  } catch (const AskError& error) {
    document = to_json(error);
    is_error = true;
  } catch (const std::exception& error) {  // one line must never end the others
    document = to_json(AskError("internal", "", error.what()));
    is_error = true;
  }
  if (!request.id.is_null()) document["id"] = request.id;
  return {document.dump(-1, ' ', false, OrderedJson::error_handler_t::replace), is_error};
}

}  // namespace assay::cli
