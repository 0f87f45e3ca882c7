"""The recogniser in whole numbers of 8 bits, for processors that have instructions for these.

Its convolutions over single pixels are five sixths of the work. Each becomes a product of matrices
whose weights are rounded once, for each output apart, and whose input is rounded to the range that
it has in that line: nothing is measured ahead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pipeline.video.ocr.onnx_file import new_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]  # inputs x outputs

# How many such convolutions PP-OCRv6 small has, and those, by place, that lose most by rounding:
# what their weights lose is added as a second product. Another model is left as it is.
LAYERS = 27
FINE = (0, 12, 16, 24, 26)

_SQUEEZED = 4  # convolutions to and from a quarter work on the mean of a line: nothing to gain
_LETTERS = 10_000  # outputs: the last product, by which a letter is told
_FLOAT, _INT8, _INTS = 1, 3, 7  # types of tensors, and of an attribute
_OWN = "com.microsoft"

# Of numpy's names: Cascade Lake's and those of what came later. Without them the products of two
# numbers may be cut off at 16 bits.
_INSTRUCTIONS = {"AVX512_CLX", "AVX512_ICL", "AVX512_SPR"}


def has_int8_instructions() -> bool:
    """Whether this processor multiplies and adds whole numbers of 8 bits in one step."""
    import numpy as np

    built: Any = np.show_config(mode="dicts")
    return not _INSTRUCTIONS.isdisjoint(built["SIMD Extensions"].get("found", ()))


def in_int8(file: bytes) -> bytes | None:
    """The recogniser of an ONNX file with its large layers in whole numbers; None where it is
    another model than that of PP-OCRv6 small.
    """
    model = new_model()
    model.ParseFromString(file)
    if _Graph(model.graph).rewritten() != (LAYERS, 1):
        return None
    model.opset_import.add(domain=_OWN, version=1)
    return cast("bytes", model.SerializeToString())


@dataclass
class _Graph:
    """A graph that is rewritten node by node."""

    graph: Any
    _tensors: dict[str, Any] = field(init=False)
    _users: dict[str, list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._tensors = {one.name: one for one in self.graph.initializer if one.raw_data}
        self._users = defaultdict(list)
        for node in self.graph.node:
            for name in node.input:
                self._users[name].append(node)

    def rewritten(self) -> tuple[int, int]:
        """Rewrite all that can be; how many convolutions these were, and how many products that
        tell letters."""
        old = list(self.graph.node)
        del self.graph.node[:]
        layers = letters = 0
        done: set[str] = set()
        for node in old:
            if node.output[0] in done:
                continue
            if (bias := self._bias_behind(node)) is not None:
                self._pointwise(node, bias, is_fine=layers in FINE)
                done.add(bias.output[0])
                layers += 1
            elif self._tells_letters(node):
                self._product(node.input[0], node.output[0], self._weights(node))
                letters += 1
            else:
                self.graph.node.append(node)
        used = {name for node in self.graph.node for name in node.input}
        kept = [tensor for tensor in self.graph.initializer if tensor.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)
        return layers, letters

    def _bias_behind(self, node: Any) -> Any | None:
        """What adds the bias to a convolution over single pixels, else None."""
        if node.op_type != "Conv" or (weights := self._tensors.get(node.input[1])) is None:
            return None
        outputs, inputs, *kernel = weights.dims
        if kernel != [1, 1] or _SQUEEZED in (outputs / inputs, inputs / outputs):
            return None
        users = self._users[node.output[0]]
        is_added = len(users) == 1 and users[0].op_type == "Add"
        return users[0] if is_added and users[0].input[1] in self._tensors else None

    def _tells_letters(self, node: Any) -> bool:
        weights = self._tensors.get(node.input[1]) if node.op_type == "MatMul" else None
        return weights is not None and weights.dims[-1] > _LETTERS

    def _weights(self, node: Any) -> Weights:
        import numpy as np

        tensor = self._tensors[node.input[1]]
        weights = np.frombuffer(tensor.raw_data, np.float32).reshape(tensor.dims[:2])
        return weights.T if node.op_type == "Conv" else weights

    def _pointwise(self, node: Any, add: Any, is_fine: bool) -> None:
        """A convolution over single pixels, and its bias, as a product; channels are last in it."""
        name, bias = node.output[0], self._tensors[add.input[1]].raw_data
        self._transpose(node.input[0], f"{name}.before", (0, 2, 3, 1))
        self._product(f"{name}.before", f"{name}.behind", self._weights(node), bias, is_fine)
        self._transpose(f"{name}.behind", add.output[0], (0, 3, 1, 2))

    def _product(
        self, left: str, result: str, weights: Weights, bias: bytes = b"", is_fine: bool = False
    ) -> None:
        """``left`` times ``weights``, plus ``bias``, in whole numbers."""
        whole = [f"{result}.{part}" for part in ("whole", "scale", "zero")]
        self._node("DynamicQuantizeLinear", [left], whole)
        first = f"{result}.first" if is_fine else result
        lost = self._times(whole, first, weights, bias)
        if is_fine:
            self._times(whole, f"{result}.second", lost)
            self._node("Add", [first, f"{result}.second"], [result])

    def _times(self, whole: list[str], result: str, weights: Weights, bias: bytes = b"") -> Weights:
        """The product of ``whole`` and the rounded weights; what these lost."""
        import numpy as np

        steps = np.maximum(np.abs(weights).max(axis=0) / 127, np.finfo(np.float32).tiny)
        rounded = np.round(weights / steps).astype(np.int8)
        names = [self._tensor(f"{result}.weights", _INT8, weights.shape, rounded.tobytes())]
        names.append(self._tensor(f"{result}.steps", _FLOAT, steps.shape, steps.tobytes()))
        inputs = [whole[0], names[0], whole[1], names[1], whole[2]]
        if bias:
            inputs += ["", self._tensor(f"{result}.bias", _FLOAT, steps.shape, bias)]
        self._node("MatMulIntegerToFloat", inputs, [result], domain=_OWN)
        return cast("Weights", weights - rounded * steps)

    def _transpose(self, name: str, result: str, order: tuple[int, ...]) -> None:
        node = self._node("Transpose", [name], [result])
        node.attribute.add(name="perm", ints=order, type=_INTS)

    def _tensor(self, name: str, kind: int, shape: tuple[int, ...], data: bytes) -> str:
        self.graph.initializer.add(name=name, data_type=kind, dims=shape, raw_data=data)
        return name

    def _node(self, kind: str, inputs: list[str], outputs: list[str], domain: str = "") -> Any:
        return self.graph.node.add(op_type=kind, input=inputs, output=outputs, domain=domain)
