using System.Globalization;
using Microsoft.ML.AbsCam.Onnx.Messages;

namespace Microsoft.ML.AbsCam.Saliency.Parsing;

/// <summary>The numbers in a method's name: <c>key=value</c>, separated by commas.</summary>
internal sealed class MethodArguments
{
    private readonly string _method;
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">It is no such list, or has other keys.</exception>
    public MethodArguments(string method, string text, params string[] keys)
    {
        _method = method;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair.Length != 2)
            {
                throw new ArgumentException($"In the saliency method '{method}', '{part}' is not of the form KEY=VALUE.");
            }

            if (!keys.Contains(pair[0], StringComparer.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"The saliency method '{method}' has no '{pair[0]}'; {string.Join(", ", keys)} can be given.{NearNames.Hint(pair[0], keys)}");
            }

            if (!_values.TryAdd(pair[0], pair[1]))
            {
                throw new ArgumentException($"The saliency method '{method}' gives '{pair[0]}' twice.");
            }
        }
    }

    public int Whole(string key, int standard) => Value(key, standard, "a whole number", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null);

    public double Real(string key, double standard) => Value(key, standard, "a number", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null);

    public bool Flag(string key, bool standard) => Value(key, standard, "true or false", text => bool.TryParse(text, out bool value) ? value : null);

    private T Value<T>(string key, T standard, string expected, Func<string, T?> parse)
        where T : struct
        => _values.TryGetValue(key, out string? text)
            ? parse(text) ?? throw new ArgumentException($"In the saliency method '{_method}', {key} is '{text}'; {expected} is expected.")
            : standard;
}
