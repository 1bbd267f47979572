namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The two things that can be wrong with a column, in the words and with the exception type that ML.NET uses.</summary>
/// <param name="role">What the column is for: input or target.</param>
/// <param name="expected">The types that would do.</param>
internal sealed class SchemaErrors(string role, string expected)
{
    public static SchemaErrors Input { get; } = new("input", "image or known-size vector of Single with dimensions [C,H,W] or [H,W,C]");

    public static SchemaErrors Target { get; } = new("target", "key, integer, text, or vector of Single or Double with a score a class");

    public ArgumentOutOfRangeException Missing(string name, string parameter)
        => new(parameter, $"Could not find {role} column '{name}'");

    public ArgumentOutOfRangeException Mismatch(string name, string? actual, string parameter)
        => new(parameter, $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");
}
