using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Pictures of all classes, drawn by chance and kept in memory: regions are put into them, and they show what is usual.</summary>
internal sealed class PicturePool
{
    private readonly (EvidenceRow Row, KnownPicture Picture)[] _members;

    /// <param name="table">All rows.</param>
    /// <param name="source">Where their pictures are read.</param>
    /// <param name="count">How many to keep.</param>
    /// <param name="random">What they are drawn by.</param>
    public PicturePool(EvidenceTable table, EvidenceSource source, int count, Random random)
    {
        EvidenceRow[] rows = [.. table.Rows];
        random.Shuffle(rows);
        Dictionary<long, EvidenceRow> drawn = rows.Take(count).ToDictionary(row => row.Position);
        _members = [.. source.ReadPictures(drawn.Keys.ToHashSet()).Select(picture => (drawn[picture.Position], picture))];
        random.Shuffle(_members);
    }

    /// <summary>Those that neither are nor are taken for a class.</summary>
    public IReadOnlyList<KnownPicture> Besides(int classIndex) => [.. RowsBesides(classIndex).Select(member => member.Picture)];

    /// <summary>The same with their rows.</summary>
    public IReadOnlyList<(EvidenceRow Row, KnownPicture Picture)> RowsBesides(int classIndex)
        => [.. _members.Where(member => member.Row.Class != classIndex && member.Row.Predicted != classIndex && member.Row.Truth != classIndex)];

    /// <summary>The first of them, with their rows.</summary>
    public IReadOnlyList<(EvidenceRow Row, KnownPicture Picture)> First(int count) => [.. _members.Take(count)];
}
