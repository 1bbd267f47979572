using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>What every experiment of an audit works with.</summary>
/// <param name="Table">The evidence of all rows.</param>
/// <param name="Source">Where pictures are read.</param>
/// <param name="Pool">Pictures of all classes.</param>
/// <param name="Laboratory">What alters and scores pictures.</param>
/// <param name="Scorer">What scores.</param>
/// <param name="Random">What is drawn by chance.</param>
/// <param name="Trials">How many pictures an experiment takes.</param>
internal sealed record Bench(EvidenceTable Table, EvidenceSource Source, PicturePool Pool, Laboratory Laboratory, ImageScorer Scorer, Random Random, int Trials)
{
    private readonly Dictionary<long, EvidenceRow> _byPosition = Table.Rows.ToDictionary(row => row.Position);

    public InputFrame Frame => Source.Frame;

    /// <summary>The pictures of some rows, in the order of the data.</summary>
    public IReadOnlyList<KnownPicture> PicturesOf(IEnumerable<EvidenceRow> rows) => [.. Source.ReadPictures(rows.Select(row => row.Position).ToHashSet())];

    /// <summary>The pixels of a picture that are not hot: what lies beside what it is recognised by.</summary>
    public bool[] BesideHeat(EvidenceRow row) => Array.ConvertAll(Frame.PixelsOf([.. row.Heat.Select(heat => heat >= HotCells.Threshold)], Table.MapHeight, Table.MapWidth), isHot => !isHot);

    /// <summary>A picture whose object, where it is known, is filled from its surroundings: somewhat more than the object, since it has an edge and a shadow.</summary>
    public float[] WithoutObject(KnownPicture picture) => picture.Object is { } pixels ? Laboratory.Filled(picture.Input, PixelSets.Widened(pixels, Frame.EdgeWidth, Frame)) : picture.Input;

    public string NameAt(long position) => _byPosition[position].Caption;

    /// <summary>Some of these rows, drawn by chance.</summary>
    public EvidenceRow[] Some(IEnumerable<EvidenceRow> rows, int count)
    {
        EvidenceRow[] all = [.. rows];
        Random.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
