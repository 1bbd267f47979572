using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Pictures that show what an experiment did.</summary>
internal static class BeforeAndAfter
{
    private const int Shown = 4;

    /// <summary>Some subjects' regions filled, and the same regions in other pictures.</summary>
    public static IReadOnlyList<AuditPicture> Of(Bench bench, int target, IReadOnlyList<Subject> subjects, IReadOnlyList<KnownPicture> hosts)
    {
        List<(string Caption, long Row, float[] Before, float[] After)> pairs = [];
        for (int i = 0; i < Math.Min(Shown, subjects.Count); i++)
        {
            pairs.Add(("filled from its surroundings", subjects[i].Position, subjects[i].Picture, bench.Laboratory.Filled(subjects[i].Picture, subjects[i].Region)));
        }

        for (int i = 0; i < Math.Min(Shown, hosts.Count); i++)
        {
            Subject subject = subjects[i % subjects.Count];
            pairs.Add(($"with the region of {bench.NameAt(subject.Position)}", hosts[i].Position, hosts[i].Input, Laboratory.Pasted(hosts[i].Input, subject.Picture, subject.Region)));
        }

        return Drawn(bench, target, pairs);
    }

    /// <summary>Draws pictures, and says in their captions what the class's probability became.</summary>
    public static IReadOnlyList<AuditPicture> Drawn(Bench bench, int target, IReadOnlyList<(string Caption, long Row, float[] Before, float[] After)> pairs)
    {
        if (!bench.Source.HasPhotos)
        {
            return [];
        }

        float[] before = new float[pairs.Count];
        float[] after = new float[pairs.Count];
        for (int i = 0; i < pairs.Count; i++)
        {
            int place = i;
            bench.Scorer.Ask(pairs[i].Before, reply => before[place] = reply[target]);
            bench.Scorer.Ask(pairs[i].After, reply => after[place] = reply[target]);
        }

        bench.Scorer.Flush();
        var drawer = new PictureDrawer(bench.Source.Preprocessing, bench.Frame);
        return [.. pairs.Select((pair, i) => new AuditPicture(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bench.NameAt(pair.Row)}, {pair.Caption}: p({bench.Table.NameOf(target)}) {before[i]:0.00} to {after[i]:0.00}"),
            pair.Row, drawer.Draw(pair.Before), drawer.Draw(pair.After)))];
    }
}
