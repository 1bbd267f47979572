namespace Microsoft.ML.AbsCam;

/// <summary>A measure over the rows of one class.</summary>
/// <param name="Target">The class, an index.</param>
/// <param name="Mean">The mean over the class's measured rows.</param>
/// <param name="Lower">The lower end of the 95 % bootstrap interval of the mean; NaN where fewer than five rows were measured.</param>
/// <param name="Upper">The upper end of it; NaN likewise.</param>
/// <param name="Count">How many rows were measured.</param>
public sealed record ClassMeasureResult(int Target, double Mean, double Lower, double Upper, int Count);
