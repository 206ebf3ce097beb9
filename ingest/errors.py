"""The exceptions of the program.

KehoachError
├── InputError              what the user gave or asked cannot be used; exit code 2
│   ├── SourceError         a file to be ingested: missing, empty, binary, too large, not Unicode
│   ├── QuestionError       a question or a batch of questions that cannot be read
│   ├── IndexStateError     no index, one that may not be read, one of another encoder, a damaged index file
│   ├── EngineError         the search engine of several machines cannot be used: out of reach, or not filled
│   └── OutputError         the answer cannot be written where the user wants it: a full disk, a missing folder
└── CoverageError           a source line that ended nowhere: a defect of the structure code; exit code 1

Messages are in Vietnamese: an official reads them. Each names the file or setting and what to do. Anything that is
not a `KehoachError` is a defect and is not caught.
"""


class KehoachError(Exception):
    """Root of the tree; never raised itself."""


class InputError(KehoachError):
    """Bad input from outside. `remedy` says what the user can do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}" if self.remedy else self.message


class SourceError(InputError):
    """A source file that cannot be ingested."""


class QuestionError(InputError):
    """A question, or a file of questions, that cannot be read."""


class IndexStateError(InputError):
    """The index is missing, damaged, may not be read, or was made by another encoder."""


class EngineError(InputError):
    """The search engine that `KEHOACH_ENGINE` names cannot be reached, or does not hold this index."""


class OutputError(InputError):
    """Standard output, or the file that the user named, cannot be written."""


class CoverageError(KehoachError):
    """Source lines are in no clause, not in the header and not discarded."""
