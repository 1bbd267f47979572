using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Compare;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam compare: many methods on the same photos, by the same measures.</summary>
internal static class CompareCommand
{
    private const string UsualMethods = "abs-cam,abs-cam-initial,grad-cam,grad-cam++,layer-cam,score-cam";

    public static System.CommandLine.Command Create()
    {
        var measuring = new MeasureOptions("abscam-comparison");
        var methods = new Option<string>("--methods")
        {
            Description = $"The methods, by their names, or 'all'. The baselines random and center-gaussian are always there. Names: {string.Join(", ", SaliencyMethod.All.Select(method => method.Name))}.",
            HelpName = "NAME,NAME",
            DefaultValueFactory = _ => UsualMethods,
        };
        Option<int?> grid = CommonOptions.Number("--grid", "Play the grid pointing game with so many tiles along a side: pictures of different classes in one, of which each class's map should keep to its own. Needs no boxes.", 2, 16);
        Option<int?> sanity = CommonOptions.Number("--sanity", "Check on so many photos whether maps change when all that the network learnt is drawn anew.", 1, int.MaxValue);
        var command = new System.CommandLine.Command("compare", "Compare saliency methods on photos: a table with intervals, curves, and a page with the maps side by side.") { methods, grid, sanity };
        measuring.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<MapSource> sources = Sources(parsed.GetValue(methods)!);
            using ImageNetwork network = measuring.Open(parsed);
            return Task.FromResult(MeasureCommand.Run(measuring.Settings(parsed, network, sources) with { GridTiles = parsed.GetValue(grid), SanityPhotos = parsed.GetValue(sanity) }, parsed.GetValue(measuring.Quiet), cancellation));
        });
        return command;
    }

    /// <summary>Names may hold commas between brackets.</summary>
    private static List<MapSource> Sources(string text)
    {
        IEnumerable<SaliencyMethod> asked = text == "all" ? SaliencyMethod.All : Split(text).Select(name => SaliencyMethod.TryParse(name, out SaliencyMethod? method) ? method : throw new UsageException($"--methods: {Complaint(name)}"));
        var methods = new List<SaliencyMethod>();
        foreach (SaliencyMethod method in asked.Concat([SaliencyMethod.Random, SaliencyMethod.CenterGaussian]))
        {
            bool isBaseline = method == SaliencyMethod.Random || method == SaliencyMethod.CenterGaussian;
            if (!methods.Exists(other => other.Name == method.Name))
            {
                methods.Add(method);
            }
            else if (!isBaseline)
            {
                throw new UsageException($"--methods: '{method.Name}' is there twice.");
            }
        }

        return [.. methods.Select(method => new MethodSource(method))];
    }

    private static string Complaint(string name)
    {
        try
        {
            return SaliencyMethod.Parse(name).Name;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

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
