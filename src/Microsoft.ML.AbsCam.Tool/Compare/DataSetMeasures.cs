using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>The measures that take photos and a method, not maps: the grid pointing game and the sanity check.</summary>
internal sealed class DataSetMeasures(ComparisonSettings settings)
{
    private readonly MLContext _context = new(seed: 1);

    /// <summary>What is asked for, by the name that the journal knows it by.</summary>
    public IReadOnlyList<(string Kind, Func<SaliencyMethod, IReadOnlyList<DataSetValue>> Run)> Asked()
    {
        var asked = new List<(string, Func<SaliencyMethod, IReadOnlyList<DataSetValue>>)>();
        if (settings.GridTiles is int tiles)
        {
            asked.Add((string.Create(CultureInfo.InvariantCulture, $"grid {tiles}, seed {settings.Seed}"), method => Grid(method, tiles)));
        }

        if (settings.SanityPhotos is int photos)
        {
            asked.Add((string.Create(CultureInfo.InvariantCulture, $"sanity {photos}, seed {settings.Seed}"), method => Sanity(method, photos)));
        }

        return asked;
    }

    private DataSetValue[] Grid(SaliencyMethod method, int tiles)
    {
        var options = new GridPointingOptions { ImageColumn = nameof(StreamedPhoto.Image), TilesPerSide = tiles, Seed = 1 };
        GridPointingMetrics game = _context.Saliency.GridPointingGame(Photos(Shuffled()), settings.Network, For(method), options);
        string protocol = string.Create(CultureInfo.InvariantCulture, $"{game.Grids} grids of {tiles} x {tiles}, chance {game.Chance:0.###}");
        return
        [
            DataSetValue.Of("grid-localisation", $"share of the map in its class's tile, {protocol}", true, game.Localisation),
            DataSetValue.Of("grid-pointing", $"maximum in its class's tile, {protocol}", true, game.Pointing),
        ];
    }

    /// <summary>Of the stages the last is shown, in which nothing that was learnt is left.</summary>
    private DataSetValue[] Sanity(SaliencyMethod method, int photos)
    {
        var options = new SanityCheckOptions { ImageColumn = nameof(StreamedPhoto.Image), StageCount = 1 };
        SanityStageResult last = _context.Saliency.SanityCheck(Photos([.. Shuffled().Take(photos)]), settings.Network, For(method), options).Stages[^1];
        string protocol = string.Create(CultureInfo.InvariantCulture, $"likeness to the map of the network with all {last.Stage.Randomised} layers drawn anew");
        return
        [
            DataSetValue.Of("sanity-spearman", $"rank correlation: {protocol}", false, last.RankCorrelation),
            DataSetValue.Of("sanity-ssim", $"SSIM: {protocol}", false, last.StructuralSimilarity),
        ];
    }

    private AbsCamOptions For(SaliencyMethod method) => settings.Options with
    {
        Method = method,
        Layers = method.UsesLayer ? settings.Options.Layers : null,
        Target = settings.Target.Kind == TargetKind.Class ? SaliencyTarget.Predicted : settings.Options.Target,
    };

    /// <summary>Files that are sorted by class would leave most of them without a grid.</summary>
    private InputFile[] Shuffled()
    {
        InputFile[] files = [.. settings.Files];
        new Random(settings.Seed).Shuffle(files);
        return files;
    }

    private IDataView Photos(InputFile[] files) => _context.Data.LoadFromEnumerable(Stream(files));

    /// <summary>One photo is in memory at a time.</summary>
    private IEnumerable<StreamedPhoto> Stream(InputFile[] files)
    {
        foreach (InputFile file in files)
        {
            var row = new PhotoRow(file, settings.Decoding, settings.Network, settings.Network.Shape, "");
            try
            {
                yield return new StreamedPhoto(row);
            }
            finally
            {
                row.Release();
            }
        }
    }

    private sealed class StreamedPhoto(PhotoRow row)
    {
        public MLImage? Image => row.Image;
    }
}
