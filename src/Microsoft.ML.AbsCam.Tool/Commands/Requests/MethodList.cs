using Microsoft.ML.AbsCam.Tool.Compare;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>The methods that are compared, as --methods lists them, and the baselines.</summary>
internal static class MethodList
{
    /// <exception cref="UsageException">A name is none, or is there twice.</exception>
    public static IReadOnlyList<MapSource> Parse(string text)
    {
        IEnumerable<SaliencyMethod> asked = text == "all" ? SaliencyMethod.All : Split(text).Select(Named);
        var methods = new List<SaliencyMethod>();
        foreach (SaliencyMethod method in asked.Concat(MethodSource.Baselines))
        {
            if (!methods.Exists(other => other.Name == method.Name))
            {
                methods.Add(method);
            }
            else if (!MethodSource.Baselines.Contains(method))
            {
                throw new UsageException($"--methods: '{method.Name}' is there twice.");
            }
        }

        return [.. methods.Select(method => new MethodSource(method))];
    }

    private static SaliencyMethod Named(string name)
    {
        try
        {
            return SaliencyMethod.Parse(name);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--methods: {e.Message}");
        }
    }

    /// <summary>Names may hold commas between brackets.</summary>
    private static IEnumerable<string> Split(string text)
    {
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (i > from)
                {
                    yield return text[from..i].Trim();
                }

                from = i + 1;
            }
            else
            {
                depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            }
        }
    }
}
