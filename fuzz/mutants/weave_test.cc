// The reader of mutants and the weaver. What is woven is compiled, too: the build of `mutants` is a test of it.
#include "fuzz/mutants/weave.h"

#include <gtest/gtest.h>

namespace tpfuzz::mutants {
namespace {

constexpr const char* kSource = "core/some.cc";

std::vector<Mutant> mutants_of(const std::string& text) {
  std::vector<Mutant> mutants;
  const auto result = read_mutants("in core/some.cc\n" + text, "some.mutants", mutants);
  if (const auto* error = std::get_if<Error>(&result)) ADD_FAILURE() << to_line(*error);
  return mutants;
}

// Without the two lines in front.
std::string woven(const std::string& source, const std::string& mutants) {
  const auto result = weave(source, kSource, mutants_of(mutants));
  if (const auto* error = std::get_if<Error>(&result)) return to_line(*error);
  const std::string& text = std::get<std::string>(result);
  return text.substr(text.find('\n', text.find("#line")) + 1);
}

// What is said about `mutants`, which the reader or the weaver refuses.
std::string refused(const std::string& mutants, const std::string& source = "f(a);") {
  std::vector<Mutant> read;
  const auto result = read_mutants(mutants, "some.mutants", read);
  if (const auto* error = std::get_if<Error>(&result)) return to_line(*error);
  const auto woven = weave(source, kSource, read);
  const auto* error = std::get_if<Error>(&woven);
  return error != nullptr ? to_line(*error) : "nothing";
}

TEST(Weave, AnExpressionBecomesAChoice) {
  EXPECT_EQ(woven("x = a + 1;", "mutant m: w\nreplace a + 1\nwith a\n"),
            "x = (::tpfuzz::mutants::on(1) ? (a) : (a + 1));");
}

TEST(Weave, AStatementBecomesAChoice) {
  EXPECT_EQ(woven("{ f(a); g(); }", "mutant m: w\nreplace f(a);\nwith h();\n"),
            "{ { if (::tpfuzz::mutants::on(1)) { h(); } else { f(a); } } g(); }");
}

TEST(Weave, AStatementCanBeDropped) {
  EXPECT_EQ(woven("if (a) f(a); else g();", "mutant m: w\ndrop f(a);\n"),
            "if (a) { if (::tpfuzz::mutants::on(1)) {  } else { f(a); } } else g();");
}

TEST(Weave, SpacesLineEndsAndCommentsMakeNoDifference) {
  EXPECT_EQ(woven("f(a,  // f(a, b);\n  b);", "mutant m: w\nreplace f( a,\n| b );\nwith g();\n"),
            "{ if (::tpfuzz::mutants::on(1)) { g(); } else { f(a,  // f(a, b);\n  b); } }");
}

TEST(Weave, LinesStayWhereTheyAre) {
  const auto result = weave("one;\n\ntwo;\n", kSource, mutants_of("mutant m: w\ndrop two;\n"));
  EXPECT_EQ(std::get<std::string>(result),
            "#include \"fuzz/mutants/on.h\"\n#line 1 \"core/some.cc\"\n"
            "one;\n\n{ if (::tpfuzz::mutants::on(1)) {  } else { two; } }\n");
}

TEST(Weave, WordsAreNotCut) {
  EXPECT_EQ(woven("data = a;", "mutant m: w\nreplace a\nwith b\n"), "data = (::tpfuzz::mutants::on(1) ? (b) : (a));");
}

TEST(Weave, LiteralsAreNoComments) {
  EXPECT_EQ(woven("f(\"// a\", 1'000, '\"', a);", "mutant m: w\nreplace '\"', a\nwith b\n"),
            "f(\"// a\", 1'000, (::tpfuzz::mutants::on(1) ? (b) : ('\"', a)));");
}

TEST(Weave, TheFirstAfterAText) {
  EXPECT_EQ(woven("f(); begin; f(); f();", "mutant m: w\nafter begin;\ndrop f();\n"),
            "f(); begin; { if (::tpfuzz::mutants::on(1)) {  } else { f(); } } f();");
}

TEST(Weave, TwoAtOnePlaceAreBothThere) {
  EXPECT_EQ(woven("x = a;", "mutant m: w\nreplace a\nwith b\nmutant n: w\nreplace a\nwith c\n"),
            "x = (::tpfuzz::mutants::on(1) ? (b) : ((::tpfuzz::mutants::on(2) ? (c) : (a))));");
}

TEST(Weave, OneInAnotherIsThere) {
  EXPECT_EQ(woven("f(a);", "mutant m: w\nreplace a\nwith b\nmutant n: w\ndrop f(a);\n"),
            "{ if (::tpfuzz::mutants::on(2)) {  } else { f((::tpfuzz::mutants::on(1) ? (b) : (a))); } }");
}

TEST(Weave, AMutantMayHaveSeveralPlaces) {
  EXPECT_EQ(woven("f(); g();", "mutant m: w\nreplace f();\nwith g();\nreplace g();\nwith f();\n"),
            "{ if (::tpfuzz::mutants::on(1)) { g(); } else { f(); } } "
            "{ if (::tpfuzz::mutants::on(1)) { f(); } else { g(); } }");
}

TEST(Weave, ByHand) {
  EXPECT_EQ(woven("Lock l;", "mutant m: w\nreplace Lock l;\nweave Lock l(!MUTANT);\n"),
            "Lock l(!::tpfuzz::mutants::on(1));");
}

TEST(Weave, NothingOfAnotherSource) {
  std::vector<Mutant> mutants;
  read_mutants("in core/other.cc\nmutant m: w\ndrop f();\n", "some.mutants", mutants);
  const auto result = weave("g();", kSource, mutants);
  EXPECT_TRUE(std::get<std::string>(result).ends_with("\ng();"));
}

TEST(Weave, WhatIsNotThereOnceIsRefused) {
  EXPECT_EQ(refused("in core/some.cc\nmutant m: w\ndrop g();\n"),
            "some.mutants:3: mutant m: expected what it replaces once in core/some.cc, found it 0 times");
  EXPECT_EQ(refused("in core/some.cc\nmutant m: w\ndrop f(a);\n", "f(a); f(a);"),
            "some.mutants:3: mutant m: expected what it replaces once in core/some.cc, found it 2 times");
  EXPECT_EQ(refused("in core/some.cc\nmutant m: w\nafter b\ndrop f(a);\n"),
            "some.mutants:4: mutant m: expected the text of 'after' once in core/some.cc, found it 0 times");
}

TEST(Weave, WhatOverlapsIsRefused) {
  EXPECT_EQ(refused("in core/some.cc\nmutant m: w\nreplace a + b\nwith c\nmutant n: w\nreplace b + c\nwith a\n",
                    "x = a + b + c;"),
            "some.mutants:6: mutant n: it overlaps the mutant m");
  EXPECT_EQ(refused("in core/some.cc\nmutant m: w\nreplace f(a);\nweave f(MUTANT);\nmutant n: w\nreplace a\nwith b\n"),
            "some.mutants:6: mutant n: it overlaps the mutant m");
}

TEST(ReadMutants, KeepsWhatIsSaid) {
  const auto mutants = mutants_of(
      "# a comment\nmutant m-1: what\n| is wrong\ndrop f();\nharmless because\nmutant n: w\nreplace a\nwith b\n"
      "needs a test\nonly thread\n");
  ASSERT_EQ(mutants.size(), 2U);
  EXPECT_EQ(mutants[0].name, "m-1");
  EXPECT_EQ(mutants[0].what, "what is wrong");
  EXPECT_EQ(mutants[0].harmless, "because");
  EXPECT_EQ(mutants[1].line, 7);
  EXPECT_EQ(mutants[1].needs, "a test");
  EXPECT_EQ(mutants[1].only, "thread");
  EXPECT_EQ(mutants[1].places[0].source, kSource);
}

TEST(ReadMutants, SaysTheLineOfAMistake) {
  const std::string in = "in core/some.cc\n";
  EXPECT_EQ(refused("mutant m: w\n"), "some.mutants:1: expected 'in SOURCE' before the first mutant");
  EXPECT_EQ(refused("drop f();\n"),
            "some.mutants:1: expected 'in SOURCE' or 'mutant NAME: WHAT IS WRONG', found 'drop'");
  EXPECT_EQ(refused(in + "mutant M: w\n"),
            "some.mutants:2: expected 'mutant NAME: WHAT IS WRONG', with small letters, digits and '-' in NAME");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop f(a);\n\nmutant m: w\n"), "some.mutants:5: there is a mutant m already");
  EXPECT_EQ(refused(in + "mutant m: w\n"), "some.mutants:2: the mutant m has no place");
  EXPECT_EQ(refused(in + "mutant m: w\nreplace a\n\n"), "some.mutants:3: expected 'with' or 'weave' after 'replace'");
  EXPECT_EQ(refused(in + "mutant m: w\nwith a\n"), "some.mutants:3: expected 'replace' before 'with'");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop a\n"),
            "some.mutants:3: expected a statement to drop: it ends in ';' or '}'");
  EXPECT_EQ(refused(in + "mutant m: w\nreplace f(a);\nwith a\n"),
            "some.mutants:3: expected a statement for a statement, an expression for an expression");
  EXPECT_EQ(refused(in + "mutant m: w\nreplace f(a);\nweave a;\n"),
            "some.mutants:3: expected MUTANT in what is woven by hand");
  EXPECT_EQ(refused(in + "mutant m: w\nreplace a\nwith b // c\n"),
            "some.mutants:3: expected no comment in what is woven in");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop f(a);\nonly release\n"),
            "some.mutants:4: expected 'only thread' or 'only address'");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop f(a);\nneeds a\nneeds b\n"),
            "some.mutants:5: this field stands here twice");
  EXPECT_EQ(refused(in + "mutant m: w\nafter f\n"), "some.mutants:3: the mutant m has no place");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop f(a);\nafter f\n"),
            "some.mutants:4: expected 'replace' or 'drop' after 'after'");
  EXPECT_EQ(refused("| a\n"), "some.mutants:1: expected a field before '|'");
  EXPECT_EQ(refused(in + "mutant m: w\ndrop\n"), "some.mutants:3: expected text after 'drop'");
  EXPECT_EQ(refused(in + "mutant m: w\nfoo bar\n"),
            "some.mutants:3: expected a field (after, replace, with, drop, weave, harmless, needs, only), found 'foo'");
}

}  // namespace
}  // namespace tpfuzz::mutants
