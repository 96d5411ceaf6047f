"""What only compiled code calls is linked into its callers, and made into machine code only there.

By default numba optimises every function by itself, makes machine code of it and keeps both on
disk, though an inner function is needed once: as a part of the function that Python calls. That
was a third of the time to compile the model, and nine tenths of what was kept.

This is numba's own way to link, cut short; it relies on names that numba does not promise, which
stand in this file alone.
"""

from contextlib import suppress
from typing import Any

from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.typed_passes import AnnotateTypes


class Cache(FunctionCache):
    """Numba's cache of a function (of `njit(cache=True)`), which goes on where a disk is full."""

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


class LinkedLibrary(JITCodeLibrary):
    """LLVM's code of one function, for others to link in."""

    def _optimize_final_module(self) -> None:
        """Its callers do that, once all parts are together."""

    def _finalize_final_module(self) -> None:
        """As in numba, but for handing it to the engine that makes machine code."""
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """0: there is no machine code."""
        return 0

    @property
    def codegen(self) -> Any:
        return self

    def set_env(self, env_name: str, env: Any) -> None:
        """Numba tells a loaded function where its constants are; this one is not loaded."""

    def serialize_using_object_code(self) -> tuple[str, str, bytes]:
        """What the cache keeps."""
        self._ensure_finalized()
        return self.name, "bitcode", self._final_module.as_bitcode()


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseLibrary(AnalysisPass):
    """Numba takes the library that is there before it writes code."""

    _name = "comsim_choose_library"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class LinkedCompiler(CompilerBase):
    """Numba's compiler, for functions that are only linked (`pipeline_class` of njit)."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_ChooseLibrary, AnnotateTypes)
        passes.finalize()
        return [passes]
