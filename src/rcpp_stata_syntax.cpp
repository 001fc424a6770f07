// Glue of Stata's language: tokens, pieces between macros, commands and expressions as R lists.
#include <R_ext/Utils.h>
#include <Rcpp.h>

#include "core/stata/stata_syntax.hpp"

using namespace metaparity;

namespace {

using Rcpp::_;

StataText as_text(SEXP text, SEXP letters) {
  return {Rf_translateCharUTF8(STRING_ELT(text, 0)), Rf_translateCharUTF8(STRING_ELT(letters, 0))};
}

SEXP wrap_text(const std::string& x) {
  return Rf_mkCharLenCE(x.data(), static_cast<int>(x.size()), CE_UTF8);
}

Rcpp::CharacterVector wrap_one(const std::string& x) {
  Rcpp::CharacterVector out(1);
  out[0] = wrap_text(x);
  return out;
}

const char* type_name(StataTokenType type) {
  for (const auto& row : kStataTokenTypes) {
    if (row.second == type) return row.first;
  }
  return "other";
}

StataTokenType type_of(const char* name) {
  for (const auto& row : kStataTokenTypes) {
    if (std::strcmp(row.first, name) == 0) return row.second;
  }
  return StataTokenType::Other;
}

// Rows `from` to `to` as the data frame that tokenize() gives.
Rcpp::List wrap_tokens(const StataTokens& tokens, int from, int to) {
  const int n = to - from;
  Rcpp::CharacterVector type(n), text(n);
  Rcpp::IntegerVector start(n), end(n);
  Rcpp::LogicalVector blank(n);
  for (int i = 0; i < n; ++i) {
    const StataToken& t = tokens[static_cast<std::size_t>(from + i)];
    type[i] = Rf_mkChar(type_name(t.type));
    text[i] = wrap_text(t.text);
    start[i] = t.start;
    end[i] = t.end;
    blank[i] = t.blank;
  }
  Rcpp::List out = Rcpp::List::create(_["type"] = type, _["start"] = start, _["end"] = end,
                                      _["blank"] = blank, _["text"] = text);
  out.attr("row.names") = Rcpp::IntegerVector::create(NA_INTEGER, -n);
  out.attr("class") = Rcpp::CharacterVector::create("stata_tokens", "data.frame");
  return out;
}

Rcpp::List wrap_tokens(const StataTokens& tokens, const StataSpan& span) {
  return wrap_tokens(tokens, span.from, span.to);
}

StataTokens as_tokens(const Rcpp::List& tokens) {
  const Rcpp::CharacterVector type = tokens["type"], text = tokens["text"];
  const Rcpp::LogicalVector blank = tokens["blank"];
  StataTokens out(static_cast<std::size_t>(type.size()));
  for (R_xlen_t i = 0; i < type.size(); ++i) {
    StataToken& t = out[static_cast<std::size_t>(i)];
    t.type = type_of(CHAR(STRING_ELT(type, i)));
    t.text = Rf_translateCharUTF8(STRING_ELT(text, i));
    t.blank = blank[i] != 0;
  }
  return out;
}

// What the tokens of a span cover, as the user wrote it.
std::string written(const StataText& text, const StataTokens& tokens, const StataSpan& span) {
  if (span.size() < 1) return "";
  return text.part(tokens[static_cast<std::size_t>(span.from)].start,
                   tokens[static_cast<std::size_t>(span.to) - 1].end);
}

Rcpp::List wrap_options(const std::vector<StataOption>& options) {
  const R_xlen_t n = static_cast<R_xlen_t>(options.size());
  Rcpp::List out(n);
  if (n == 0) return out;
  Rcpp::CharacterVector names(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const StataOption& option = options[static_cast<std::size_t>(i)];
    names[i] = wrap_text(option.name);
    out[i] = option.flag ? Rcpp::CharacterVector::create(NA_STRING) : wrap_one(option.value);
  }
  out.attr("names") = names;
  return out;
}

template <class F>
SEXP run_syntax(F&& body) {
  try {
    return body();
  } catch (const StataSyntaxError& e) {
    Rcpp::List out = Rcpp::List::create(_["message"] = wrap_one(e.what()), _["rc"] = e.rc(),
                                        _["unsupported"] = e.unsupported());
    out.attr("class") = "metaparity_syntax_error";
    return out;
  }
}

SEXP value_node(SEXP value) { return Rcpp::List::create(_["node"] = "value", _["value"] = value); }

SEXP element_node(const StataNode& x, const Rcpp::List& child) {
  Rcpp::List out = Rcpp::List::create(_["node"] = "element", _["name"] = wrap_one(x.text));
  if (!x.detail.empty()) out["call"] = wrap_one(x.detail);
  out["index"] = child[0];
  if (child.size() > 1) out["column"] = child[1];
  return out;
}

// `missing`: the values of ., .a to .z.
SEXP wrap_node(const StataNode& x, const Rcpp::List& child, const Rcpp::NumericVector& missing) {
  switch (x.kind) {
    case StataNodeKind::Number:
      return value_node(Rcpp::wrap(R_strtod(x.text.c_str(), nullptr)));
    case StataNodeKind::Missing: {
      const int letter = x.text.empty() ? 0 : x.text[0] - 'a' + 1;
      return value_node(Rcpp::NumericVector(1, missing[letter]));
    }
    case StataNodeKind::String:
      return value_node(wrap_one(x.text));
    case StataNodeKind::Name:
      return Rcpp::List::create(_["node"] = "name", _["name"] = wrap_one(x.text));
    case StataNodeKind::Negate:
      return Rcpp::List::create(_["node"] = "negate", _["inner"] = child[0]);
    case StataNodeKind::Not:
      return Rcpp::List::create(_["node"] = "not", _["inner"] = child[0]);
    case StataNodeKind::Binary:
      return Rcpp::List::create(_["node"] = "binary", _["op"] = wrap_one(x.text),
                                _["left"] = child[0], _["right"] = child[1]);
    case StataNodeKind::Call:
      return Rcpp::List::create(_["node"] = "call", _["name"] = wrap_one(x.text),
                                _["args"] = child);
    case StataNodeKind::Element:
      return element_node(x, child);
    case StataNodeKind::Subscript:
      return Rcpp::List::create(_["node"] = "subscript", _["name"] = wrap_one(x.text),
                                _["index"] = child[0]);
    case StataNodeKind::Coefficient:
      return Rcpp::List::create(_["node"] = "coefficient", _["name"] = wrap_one(x.text),
                                _["text"] = wrap_one(x.detail));
  }
  return R_NilValue;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_tokens(SEXP text, SEXP letters) {
  const StataTokens tokens = stata_tokens(as_text(text, letters));
  return wrap_tokens(tokens, 0, static_cast<int>(tokens.size()));
}

// c(name, rest)
// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_head(SEXP text, SEXP letters, bool macro) {
  const auto head = stata_head(as_text(text, letters), macro);
  Rcpp::CharacterVector out(2);
  out[0] = wrap_text(head.first);
  out[1] = wrap_text(head.second);
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_trim(SEXP text) {
  return wrap_one(stata_trimmed(Rf_translateCharUTF8(STRING_ELT(text, 0))));
}

// NULL for a text without a mark of a macro; kind: 0 text, 1 local, 2 global.
// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_macros(SEXP text, SEXP letters) {
  if (std::strpbrk(CHAR(STRING_ELT(text, 0)), "`$") == nullptr) return R_NilValue;
  const auto pieces = stata_macro_pieces(as_text(text, letters));
  Rcpp::IntegerVector kind(static_cast<R_xlen_t>(pieces.size()));
  Rcpp::CharacterVector out(kind.size());
  for (R_xlen_t i = 0; i < kind.size(); ++i) {
    kind[i] = static_cast<int>(pieces[static_cast<std::size_t>(i)].first);
    out[i] = wrap_text(pieces[static_cast<std::size_t>(i)].second);
  }
  return Rcpp::List::create(_["kind"] = kind, _["text"] = out);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_command(SEXP text, SEXP letters) {
  return run_syntax([&]() -> SEXP {
    const StataText source = as_text(text, letters);
    const StataTokens tokens = stata_tokens(source);
    const StataCommand x = stata_command(source, tokens);
    Rcpp::List out =
        Rcpp::List::create(_["word"] = tokens.empty() ? Rcpp::CharacterVector::create(NA_STRING)
                                                      : wrap_one(tokens[0].text),
                           _["text"] = text, _["rest"] = wrap_tokens(tokens, x.rest),
                           _["rest_text"] = wrap_one(written(source, tokens, x.rest)),
                           _["options"] = wrap_options(x.options),
                           _["option_text"] = wrap_one(written(source, tokens, x.tail)));
    if (x.condition.given) out["if"] = wrap_tokens(tokens, x.condition);
    if (x.range.given) out["in"] = wrap_tokens(tokens, x.range);
    if (x.file.given) out["using"] = wrap_one(written(source, tokens, x.file));
    if (x.weight.given) {
      out["weight"] = Rcpp::List::create(_["kind"] = x.weight_kind,
                                         _["tokens"] = wrap_tokens(tokens, x.weight));
    }
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_stata_expression(const Rcpp::List& tokens, const Rcpp::NumericVector& missing) {
  return run_syntax([&]() -> SEXP {
    const std::vector<StataNode> nodes = stata_expression(as_tokens(tokens));
    Rcpp::List made(static_cast<R_xlen_t>(nodes.size()));
    for (R_xlen_t i = 0; i < made.size(); ++i) {
      const StataNode& x = nodes[static_cast<std::size_t>(i)];
      Rcpp::List child(static_cast<R_xlen_t>(x.children.size()));
      for (R_xlen_t j = 0; j < child.size(); ++j)
        child[j] = made[x.children[static_cast<std::size_t>(j)]];
      made[i] = wrap_node(x, child, missing);
    }
    return made[made.size() - 1];
  });
}
