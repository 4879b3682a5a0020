// How libFuzzer's files survive. By itself it truncates a file of the corpus before it writes it, doesn't notice a full
// disk, and when a smaller input replaces one of the corpus, removes that before it writes the smaller one. So its
// calls of fopen, fclose and unlink are ours (the linker's --wrap):
//
//   fopen for writing, fclose   a WholeFile; that it could not be written is said in one line, FILE:0: ...
//   unlink in the corpus        happens when the next file has got its name there; if that fails, never
//
// Before it writes a file of what it dies of (crash-..., timeout-..., ...) it is told to whom asked for that. Reading,
// appending and what others of this program open are as ever.
#pragma once

namespace tpfuzz {

/// Tells which directory libFuzzer writes the corpus to: the first of its arguments that is no flag. Once, before it
/// starts.
void note_corpus(int argc, const char* const* argv);

/// Has `tell` called before each file of what libFuzzer dies of is written: maybe in a signal's handler, or in the
/// middle of a sanitizer's report.
void before_artifacts(void (*tell)());

}  // namespace tpfuzz
