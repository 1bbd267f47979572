using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Measures.Grid;
using Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Grid;

/// <summary>Plays the grid pointing game in one pass over the data: rows are scored, tiled, and each full grid is explained.</summary>
internal sealed class GridGame
{
    private readonly GridPointingOptions _options;
    private readonly int _batchSize;
    private readonly LabelledImages _images;
    private readonly GridTiling _tiling;
    private readonly ImageExplainer _explainer;

    public GridGame(IHost host, IDataView data, ImageNetwork network, AbsCamOptions explain, GridPointingOptions options)
    {
        options.Validate();
        int side = options.TilesPerSide;
        if (explain.Target is not (PredictedTarget or ColumnTarget))
        {
            throw new ArgumentException($"The target is {explain.Target}, and the classes of a grid are those of its tiles. Leave {nameof(AbsCamOptions)}.{nameof(AbsCamOptions.Target)} out, or name a column of classes.", nameof(explain));
        }

        NetworkShape shape = network.Shape;
        if (shape.Height < side || shape.Width < side)
        {
            throw new ArgumentException($"The network '{network.Name}' takes {shape.Height} x {shape.Width} pixels (height x width), too few for {side} x {side} tiles.", nameof(network));
        }

        int classes = shape.ClassesUnder(explain.ScoreRule);
        if (classes < side * side)
        {
            throw new ArgumentException($"The network '{network.Name}' has {classes} classes, and a grid of {side} x {side} tiles needs {side * side} different ones. Ask for fewer tiles.", nameof(network));
        }

        _options = options;
        _batchSize = explain.BatchSize;
        _images = new LabelledImages(data, network, options.ImageColumn, options.TargetColumn ?? (explain.Target as ColumnTarget)?.Name, explain);
        _tiling = new GridTiling(shape.Channels, shape.Height, shape.Width, side);
        _explainer = new ImageExplainer(host, network, MapOptions.Of(explain, SaliencyTarget.Top(side * side)), _images.ImageSize);
    }

    public IEnumerable<GridPointingRowMetrics> Rows()
    {
        var grids = new OpenGrids(_tiling, _options.MostOpenGrids, _options.GridCount);
        List<TileGrid> full = [];
        int explained = 0;
        foreach (IReadOnlyList<LabelledImage> rows in _images.Read(_batchSize))
        {
            foreach ((LabelledImage row, GridImage? image, GridPointingRowMetrics? refused) in Sorted(rows))
            {
                if (refused is not null)
                {
                    yield return refused;
                    continue;
                }

                (bool hasRoom, TileGrid? filled) = grids.Add(image!.Value, row.Input.Span);
                if (!hasRoom)
                {
                    yield return LeftOver(image.Value, "no grid had room for its class");
                }

                if (filled is not null)
                {
                    full.Add(filled);
                    if (grids.IsDone)
                    {
                        break;
                    }
                }
            }

            if (full.Count >= _batchSize || grids.IsDone)
            {
                foreach (GridPointingRowMetrics tile in Judged(full, explained))
                {
                    yield return tile;
                }

                explained += full.Count;
                full.Clear();
            }

            if (grids.IsDone)
            {
                break;
            }
        }

        foreach (GridPointingRowMetrics row in Judged(full, explained).Concat(grids.Waiting.Select(image => LeftOver(image, "its grid did not fill up"))))
        {
            yield return row;
        }
    }

    /// <summary>What each row is good for: a tile, or nothing and why.</summary>
    private IEnumerable<(LabelledImage Row, GridImage? Image, GridPointingRowMetrics? Refused)> Sorted(IReadOnlyList<LabelledImage> rows)
    {
        LabelledImage[] readable = [.. rows.Where(row => row.Trouble is null)];
        Explanation? scored = readable.Length == 0 ? null : _explainer.Score([.. readable.Select(row => row.Input)]);
        int place = 0;
        foreach (LabelledImage row in rows)
        {
            if (row.Trouble is not null)
            {
                yield return (row, null, GridPointingRowMetrics.WithoutTile(row.Position, GridRowOutcome.Unusable, -1, float.NaN, row.Trouble, 0));
                continue;
            }

            ReadOnlyMemory<float> probabilities = scored!.Probabilities.AsMemory(place++ * scored.ClassCount, scored.ClassCount);
            GridPointingRowMetrics? refused = Refused(row, probabilities.Span, out GridImage image);
            yield return (row, refused is null ? image : null, refused);
        }
    }

    private GridPointingRowMetrics? Refused(LabelledImage row, ReadOnlySpan<float> probabilities, out GridImage image)
    {
        image = default;
        int target = row.Target ?? TensorPrimitives.IndexOfMax(probabilities);
        if (target >= probabilities.Length || !float.IsFinite(probabilities[target]))
        {
            string reason = target < probabilities.Length
                ? "the network's scores are not finite numbers"
                : $"it asks for class {target}, and the network has {probabilities.Length}";
            return GridPointingRowMetrics.WithoutTile(row.Position, GridRowOutcome.Unusable, -1, float.NaN, reason, 1);
        }

        image = new GridImage(row.Position, target, probabilities[target]);
        return image.Probability >= _options.MinimumProbability
            ? null
            : GridPointingRowMetrics.WithoutTile(
                row.Position, GridRowOutcome.TooUnsure, target, image.Probability, string.Create(CultureInfo.InvariantCulture, $"its class has a probability of {image.Probability:0.###}"), 1);
    }

    /// <summary>The tiles of full grids: one grid is one row with as many targets as tiles, so that mask methods score their masks once for all.</summary>
    private IEnumerable<GridPointingRowMetrics> Judged(List<TileGrid> grids, int firstNumber)
    {
        for (int first = 0; first < grids.Count; first += _batchSize)
        {
            TileGrid[] batch = [.. grids.Skip(first).Take(_batchSize)];
            Explanation maps = _explainer.Explain([.. batch.Select(grid => grid.Picture)], [.. batch.SelectMany(grid => grid.Images).Select(image => image.Target)]);
            for (int i = 0; i < batch.Length; i++)
            {
                for (int tile = 0; tile < _tiling.Tiles; tile++)
                {
                    yield return Judged(batch[i].Images[tile], maps, i, tile, firstNumber + first + i);
                }
            }
        }
    }

    private GridPointingRowMetrics Judged(GridImage image, Explanation maps, int place, int tile, int number)
    {
        int at = (place * _tiling.Tiles) + tile;
        bool hasMap = maps.Status[at] == MapStatus.Ok;
        MeasureValue none = hasMap ? default : MeasureValue.Not($"there is no map of its class over grid {number}: {MapStatusText.Of(maps.Status[at])}");
        return new GridPointingRowMetrics(
            image.Row, GridRowOutcome.Tile, image.Target, image.Probability, number, tile,
            hasMap ? _tiling.Localisation(maps.Map(at), tile) : none,
            hasMap ? _tiling.Pointing(maps.Map(at), tile) : none,
            1 + (tile == 0 ? maps.Forwards[place] : 0));
    }

    private static GridPointingRowMetrics LeftOver(GridImage image, string reason)
        => GridPointingRowMetrics.WithoutTile(image.Row, GridRowOutcome.LeftOver, image.Target, image.Probability, reason, 1);
}
