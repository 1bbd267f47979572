using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The layers of a network as lines of text.</summary>
internal static class LayerList
{
    private const string Mark = "* ";
    private const string NoMark = "  ";
    private const string Indent = "      ";

    /// <param name="layers">The layers, in the network's order.</param>
    /// <param name="width">The columns of the terminal, where verdicts have lines of their own; null for a pipe, where a layer is one line.</param>
    public static IEnumerable<(string Text, bool IsPick)> Lines(IReadOnlyList<FeatureLayer> layers, int? width)
    {
        // An ONNX file's names come from strangers.
        layers = [.. layers.Select(layer => layer with { Name = TerminalText.Escaped(layer.Name), Operator = TerminalText.Escaped(layer.Operator), Verdict = TerminalText.Escaped(layer.Verdict) })];
        int name = layers.Max(layer => layer.Name.Length);
        int kind = layers.Max(layer => layer.Operator.Length);
        int size = layers.Max(layer => Size(layer).Length);
        foreach (FeatureLayer layer in layers)
        {
            string what = $"{(layer.IsDefault ? Mark : NoMark)}{layer.Name.PadRight(name)}  {layer.Operator.PadRight(kind)}  ";
            if (width is not int columns)
            {
                yield return ($"{what}{Size(layer).PadRight(size)}  {layer.Verdict}", layer.IsDefault);
                continue;
            }

            // Names as long as this make a table useless, and would be broken anywhere.
            bool fits = what.Length + size < columns;
            yield return (fits ? what + Size(layer) : $"{(layer.IsDefault ? Mark : NoMark)}{layer.Name}", layer.IsDefault);
            foreach (string line in WrappedText.Lines(fits ? layer.Verdict : $"{layer.Operator}, {Size(layer)}. {layer.Verdict}", columns - Indent.Length - 1))
            {
                yield return (Indent + line, layer.IsDefault);
            }
        }
    }

    /// <summary>Channels and size, with the tokens that the size is the places of, pixels from value to value, pixels that a value sees, and the share of the network's work up to it; "?" for what is not known.</summary>
    private static string Size(FeatureLayer layer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{layer.Channels,4} x {layer.Height,3} x {layer.Width,-3}{(layer.Tokens is int tokens ? $" of {tokens} tokens" : "")}  stride {Known(layer.Stride),-2}  sees {Known(layer.ReceptiveField),-4} work {(layer.WorkBefore is double work ? Math.Round(work * 100) : "?"),3} %  {layer.Kind}");

    private static string Known(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
