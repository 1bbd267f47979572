namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// How work is counted, in multiply-adds of a product of large matrices. What is not such a product waits for memory, or runs one number at
/// a time, and counts as many as take as long.
/// </summary>
internal static class Cost
{
    /// <summary>A number read or made, or compared within a window.</summary>
    public const double PerNumber = 16;

    /// <summary>A node, however small: calls, handles and shapes.</summary>
    public const double Fixed = 200_000;

    /// <summary>A multiply-add of whole numbers, for which libtorch has no fast product.</summary>
    public const double Whole = 16;
}
