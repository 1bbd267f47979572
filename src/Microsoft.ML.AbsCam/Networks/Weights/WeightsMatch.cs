using Microsoft.ML.AbsCam.Onnx.Messages;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Which tensor of a file belongs to which parameter or buffer; made before anything is copied.</summary>
internal sealed class WeightsMatch
{
    private readonly string _source;
    private readonly WeightsOptions _options;
    private readonly Dictionary<string, Tensor> _targets;
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly List<(StoredTensor From, Tensor To)> _pairs = [];

    public WeightsMatch(nn.Module module, IWeightsFile file, WeightsOptions options, string source)
    {
        (_source, _options, _targets) = (source, options, module.state_dict());
        var loaded = new List<string>();
        var unexpected = new List<string>();
        foreach (string name in file.Others.Concat(file.Tensors.Keys))
        {
            if (Rename(name) is not { } target)
            {
                continue;
            }

            if (!_origins.TryAdd(target, name))
            {
                throw new NetworkLoadException($"{source}: '{TensorText.Name(_origins[target])}' and '{TensorText.Name(name)}' both become '{TensorText.Name(target)}'; give the names another mapping.");
            }

            if (file.Tensors.TryGetValue(name, out StoredTensor? tensor) && _targets.TryGetValue(target, out Tensor? to))
            {
                CheckShape(target, tensor, to);
                _pairs.Add((tensor, to));
                loaded.Add(target);
            }
            else
            {
                unexpected.Add(target);
            }
        }

        Report = new WeightsReport(loaded, [.. _targets.Keys.Except(loaded)], unexpected);
        CheckNames();
    }

    public WeightsReport Report { get; }

    public IReadOnlyList<(StoredTensor From, Tensor To)> Pairs => _pairs;

    private string? Rename(string name)
    {
        string bare = _options.StripPrefix is { } prefix && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        return _options.MapName is { } map ? map(bare) : bare;
    }

    private void CheckShape(string name, StoredTensor from, Tensor to)
    {
        if (!to.shape.AsSpan().SequenceEqual(from.Shape))
        {
            throw new NetworkLoadException($"{_source}: '{TensorText.Name(name)}' has the shape {TensorText.Shape(from.Shape)} in the file and {TensorText.Shape(to.shape)} in the module. The file belongs to another architecture, or to one with other sizes.");
        }
    }

    private void CheckNames()
    {
        if (Report.Loaded.Count == 0 || (_options.Strict && Report.Missing.Count + Report.Unexpected.Count > 0))
        {
            string found = Report.Loaded.Count == 0 ? "no name in the file is one of the module's. " : "the names in the file are not those of the module. ";
            throw new NetworkLoadException($"{_source}: {found}{Missing()}{Unexpected()}{Advice()}".TrimEnd());
        }
    }

    private string Missing()
    {
        const int MostHints = 5;
        const int LongestHint = 200;
        const int MostCandidates = 1_000;
        if (Report.Missing.Count == 0)
        {
            return "";
        }

        // A file may hold millions of names, or one as long as the file.
        string[] candidates = [.. Report.Unexpected.Where(name => name.Length <= LongestHint).Take(MostCandidates)];
        IEnumerable<string> hints = Report.Missing.Take(MostHints)
            .Select(name => (name, near: NearNames.Of(name, candidates, atMost: 1)))
            .Where(hint => hint.near.Count > 0)
            .Select(hint => $"'{hint.name}' may be '{TensorText.Name(hint.near[0])}'");
        string near = string.Join(", ", hints);
        return $"Not in the file: {TensorText.List(Report.Missing)}{(near.Length > 0 ? $" ({near})" : "")}. ";
    }

    private string Unexpected() => Report.Unexpected.Count == 0 ? "" : $"Only in the file: {TensorText.List(Report.Unexpected)}. ";

    private string Advice()
    {
        string? prefix = Report.Unexpected.Where(name => name.Contains('.', StringComparison.Ordinal)).Select(name => name[..(name.IndexOf('.', StringComparison.Ordinal) + 1)]).FirstOrDefault();
        bool helps = prefix is not null && Report.Unexpected.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Intersect(Report.Missing).Any();
        if (helps)
        {
            return $"Set {nameof(WeightsOptions.StripPrefix)} to \"{TensorText.Name(prefix!)}\".";
        }

        return Report.Loaded.Count == 0 ? "" : $"Set {nameof(WeightsOptions.Strict)} to false to take what both have.";
    }
}
