namespace Microsoft.ML.AbsCam.Tool;

/// <summary>What results name as the program that they come from.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        $"abscam {typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3)}, TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}";
}
