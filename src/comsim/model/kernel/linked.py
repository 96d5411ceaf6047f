"""Links functions that only compiled code calls into their callers, without machine code of their
own.

By default numba optimises every function separately, generates its machine code and keeps both on
disk, although an inner function is needed only once, as a part of the function that Python calls.
That took a third of the time to compile the model, and nine tenths of the space on disk.

This relies on internal names of numba, which are used in this file only.
"""

from contextlib import suppress
from typing import Any

from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.typed_passes import AnnotateTypes


class Cache(FunctionCache):
    """Numba's cache of a function (as of `njit(cache=True)`) that ignores a full disk."""

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


class LinkedLibrary(JITCodeLibrary):
    """LLVM's code of one function, to be linked into others."""

    def _optimize_final_module(self) -> None:
        """Skipped: the callers optimise all parts together."""

    def _finalize_final_module(self) -> None:
        """As in numba, but without passing it to the engine that generates machine code."""
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """0: there is no machine code."""
        return 0

    @property
    def codegen(self) -> Any:
        return self

    def set_env(self, env_name: str, env: Any) -> None:
        """Skipped: numba sets the constants of a loaded function; this one is not loaded."""

    def serialize_using_object_code(self) -> tuple[str, str, bytes]:
        """The data for the cache."""
        self._ensure_finalized()
        return self.name, "bitcode", self._final_module.as_bitcode()


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseLibrary(AnalysisPass):
    """Numba uses an existing library when it generates code."""

    _name = "comsim_choose_library"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class LinkedCompiler(CompilerBase):
    """Numba's compiler for functions that are only linked (`pipeline_class` of njit)."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_ChooseLibrary, AnnotateTypes)
        passes.finalize()
        return [passes]
