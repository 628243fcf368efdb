import pytest
import torch

from torchproof.checking.compare import Measure, blank, measures, number_type, tensor

MEASURED = {"The share kept": Measure(0.8, 0.05), "Scaled": True}


@pytest.mark.parametrize(
    ("share", "scaled", "message"),
    [
        (0.8, True, None),
        (0.849, True, None),
        (0.7512, True, None),
        (0.2, True, "The share kept: 0.2; asked: 0.8."),
        (float("nan"), True, "The share kept: nan; asked: 0.8."),
        (0.8, False, "Scaled: False; asked: True."),
        (1.0, False, "The share kept: 1; asked: 0.8.\nScaled: False; asked: True."),
    ],
)
def test_measures_are_near_or_equal(share, scaled, message):
    finding = measures({"The share kept": Measure(share, 0.05), "Scaled": scaled}, MEASURED)
    assert (finding and finding.message) == message


def test_measure_that_is_missing_is_found():
    assert measures({}, MEASURED).message.startswith("The share kept: None; asked: 0.8.")


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        ((0.5, 0.25), None),
        ((0.5, torch.tensor(0.25)), "The result[1] is a tensor; a float is asked for."),
    ],
)
def test_tensor_in_place_of_a_number_in_a_tuple_is_found(actual, message):
    finding = number_type(actual, (0.5, 0.25))
    assert (finding and finding.message.partition(" A tensor with")[0]) == message


def test_blank_keeps_types_and_shapes_only():
    tree = {"x": torch.ones(2, 3, dtype=torch.int8), "n": [3, 2.5, True, None, "text"]}
    empty = blank(tree)
    assert torch.equal(empty["x"], torch.zeros(2, 3, dtype=torch.int8))
    assert empty["n"] == [0, 0.0, False, None, "text"]
    assert blank(tree, flags=False)["n"] == [0, 0.0, True, None, "text"]


@pytest.mark.parametrize(
    ("actual", "expected", "index"),
    [
        # 5e-5 apart of 1000 is within the tolerance, 2e-7 of 0 is not
        (torch.tensor([1000.00005, 2e-7]).double(), torch.tensor([1000.0, 0]).double(), 1),
        (torch.tensor([1000.00005, 1, 2e-5]), torch.tensor([1000.0, 1, 0]).double(), 2),
        (torch.tensor([torch.nan, 2e-7]).double(), torch.tensor([torch.nan, 0]).double(), 1),
        (torch.tensor([0, 2**62 + 1]), torch.tensor([0, 2**62]), 1),
        (torch.tensor([True, False]), torch.tensor([True, True]), 1),
        (torch.tensor([1e9 + 1j, 1j]), torch.tensor([1e9 + 0j, 2j]), 1),
    ],
    ids=["double", "float and double", "NaN", "integers", "booleans", "complex"],
)
def test_values_shown_are_of_an_element_that_is_wrong(actual, expected, index):
    message = tensor(actual, expected, "The result").message
    assert f"At index ({index},): " in message


@pytest.mark.parametrize("odd", [torch.float8_e4m3fn, torch.uint16, torch.uint64, torch.complex64])
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_dtype_that_torch_does_not_compare_is_found(odd, dtype):
    finding = tensor(torch.zeros(2).to(odd), torch.ones(2).to(dtype), "The result")
    assert finding.kind == "dtype"
    assert str(odd).removeprefix("torch.") in finding.message
