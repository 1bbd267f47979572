using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Makes what a page shows of a row: the photo, small, and its maps, smaller still. The page lays them over each other.</summary>
internal sealed class PlateMaker(ExplainSettings settings, ExplainedLayers layers)
{
    private const int MostClasses = 5;

    private readonly ImagePreprocessing _preprocessing = settings.Options.PreprocessingFor(settings.Network);
    private readonly PlaceMark _mark = new(settings.Options.PreprocessingFor(settings.Network), layers.MapHeight, layers.MapWidth);
    private readonly MapReduction _reduction = new(layers.MapHeight, layers.MapWidth, layers.Layers.Count == 1 ? (layers.Layers[0].Height, layers.Layers[0].Width) : null);

    private IReadOnlyList<string>? Labels => settings.Options.Labels;

    /// <param name="explained">What came of the row.</param>
    /// <param name="targets">What its results are.</param>
    public ReportPlate Of(ExplainedRow explained, IReadOnlyList<JournalTarget> targets)
    {
        InputFile file = explained.Row.File;
        MLImage? photo = explained.Row.PhotoInMemory;
        Thumbnail? small = photo is null ? null : Thumbnail.Of(photo);
        string?[] marks = [.. targets.Select((_, t) => photo is null || explained.Places[t] is not { } place ? null
            : _mark.PathText(place.Scaled((float)small!.Width / photo.Width, (float)small.Height / photo.Height), small.Width, small.Height))];
        return new ReportPlate([.. targets.Select((target, t) => PlateOf(explained, target, t))])
        {
            Photo = small,
            File = small is null || settings.PageFolder is not { } folder ? null : RelativeTo(folder, file.Path),
            Region = photo is null ? null : PageLook.RegionOn(photo, _preprocessing),
            Mark = marks is [var only] ? only : null,
            Marks = marks.Length > 1 && marks.Any(mark => mark is not null) ? marks : null,
            Truth = ClassName(settings.Truth?.Invoke(file), Labels),
            Top = explained.Scores is { } scores ? Best(scores) : null,
        };
    }

    /// <returns>Null where no relative path leads there, as from one drive to another.</returns>
    public static string? RelativeTo(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) ? null : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Truth may come as an index; people read names.</summary>
    public static string? ClassName(string? truth, IReadOnlyList<string>? labels) => !int.TryParse(truth, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || labels?.Contains(truth) == true ? truth
        : labels is null ? $"class {truth}"
        : index < labels.Count ? labels[index] : truth;

    private PlateTarget PlateOf(ExplainedRow explained, JournalTarget target, int t)
    {
        TargetOption asked = settings.Target.PartOf(t);
        bool isNumber = asked.Kind is TargetKind.Similar or TargetKind.Output;
        return new PlateTarget(
            target.Status == nameof(MapStatus.Ok) ? _reduction.Reduce(explained.MapOf(t)) : null,
            settings.Target.Parts is null || asked.Kind == TargetKind.Contrast ? Title(asked, target) : asked.Kind == TargetKind.Similar ? asked.Text : $"{Title(asked, target) ?? target.Label ?? $"class {target.Target}"} ({asked.Text})",
            isNumber && target.Probability is float value ? value.ToString("0.###", CultureInfo.InvariantCulture) : null,
            explained.Against?[t] is int other ? ClassName(other.ToString(CultureInfo.InvariantCulture), Labels) : null);
    }

    private static string? Title(TargetOption asked, JournalTarget target)
        => asked.Kind == TargetKind.Similar ? "likeness" : asked.Kind == TargetKind.Output && target.Label is null ? $"output {target.Target}" : null;

    private ClassChance[] Best(float[] scores)
        => [.. scores.Select((probability, target) => (probability, target)).Where(pair => float.IsFinite(pair.probability)).OrderByDescending(pair => pair.probability).Take(MostClasses)
            .Select(pair => new ClassChance(pair.target, MathF.Round(pair.probability, 4), pair.target < Labels?.Count ? Labels[pair.target] : null))];
}
