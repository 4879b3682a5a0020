// How libFuzzer's files survive. By itself it truncates a file of the corpus before it writes it, doesn't notice a full
// disk, and when a smaller input replaces one of the corpus, removes that before it writes the smaller one. So its
// calls of fopen, fclose and unlink are ours (the linker's --wrap):
//
//   fopen for writing, fclose   a WholeFile; that it could not be written is said in one line, FILE: ...
//   unlink in the corpus        happens when the next file has got its name there; if that fails, never
//
// A file of what it dies of (crash-..., timeout-..., ...) gets a trailer; its name stays the SHA-1 of what stands
// before that. Before such a file is written, whoever asked is told. Reading, appending and what others of this program
// open are as ever.
#pragma once

#include <string>

namespace tpfuzz {

/// Tells what libFuzzer's arguments say about its files: the first that is no flag is the directory that it writes the
/// corpus to. Once, before it starts.
void note_arguments(int argc, const char* const* argv);

/// Tells which bytes end the files of what libFuzzer dies of. Once, before it starts: it may die of a want of memory.
void note_trailer(std::string bytes);

/// Has `tell` called before each file of what libFuzzer dies of is written: maybe in a signal's handler, or in the
/// middle of a sanitizer's report.
void before_artifacts(void (*tell)());

}  // namespace tpfuzz
