namespace Microsoft.ML.AbsCam.Onnx.Format;

/// <summary>What an input of whole numbers takes.</summary>
/// <param name="Type">The element type, as the file names it.</param>
/// <param name="Least">The least number.</param>
/// <param name="Most">The greatest number.</param>
internal sealed record IntegerLevels(string Type, double Least, double Most)
{
    public bool Takes(double value) => value >= Least && value <= Most && value == Math.Truncate(value);

    public override string ToString() => FormattableString.Invariant($"whole numbers from {Least} to {Most} ({Type})");
}
