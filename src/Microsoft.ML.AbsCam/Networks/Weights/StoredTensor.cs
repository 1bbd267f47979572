using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Where a tensor lies in a file, and how its numbers are laid out there. Nothing of it is read yet.</summary>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Storage">The run of bytes that it lies in; several tensors may share one.</param>
/// <param name="Offset">Numbers in the storage before its first one.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Steps in the storage, in numbers, along each dimension.</param>
/// <param name="StorageCount">Numbers in the storage.</param>
internal sealed record StoredTensor(ScalarType Type, string Storage, long Offset, long[] Shape, long[] Strides, long StorageCount)
{
    /// <summary>How many numbers lie between its first and its last, both included. Only meaningful when <see cref="Fault"/> is null.</summary>
    public long Extent
    {
        get
        {
            long last = 0;
            for (int i = 0; i < Shape.Length; i++)
            {
                if (Shape[i] == 0)
                {
                    return 0;
                }

                last += (Shape[i] - 1) * Strides[i];
            }

            return last + 1;
        }
    }

    /// <summary>What is wrong with the layout, as the rest of a sentence about the tensor; null where it lies inside its storage.</summary>
    public string? Fault()
    {
        const int MostDimensions = 64;
        if (Shape.Length > MostDimensions || Shape.Length != Strides.Length)
        {
            return $"has {Shape.Length} sizes and {Strides.Length} strides; expected as many of both, at most {MostDimensions}";
        }

        if (Offset < 0 || Shape.Any(size => size < 0) || Strides.Any(stride => stride < 0))
        {
            return $"has the shape {TensorText.Shape(Shape)} with strides {TensorText.Shape(Strides)} at {Offset}; none of these can be negative";
        }

        Int128 end = Offset;
        bool isEmpty = Shape.Contains(0);
        for (int i = 0; i < Shape.Length && !isEmpty && end <= StorageCount; i++)
        {
            end += (Int128)(Shape[i] - 1) * Strides[i];
        }

        return end + (isEmpty ? 0 : 1) > StorageCount
            ? $"with the shape {TensorText.Shape(Shape)}, strides {TensorText.Shape(Strides)} and offset {Offset} reaches beyond its storage of {StorageCount} numbers"
            : null;
    }
}
