using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>
/// What single pictures do to others, for all classes at once: each donor's colours, and its rim, are given to a few hosts, and how much the probability of each class rises
/// is kept. Where donors of one class do what those of others do not, experiments follow.
/// </summary>
internal sealed class Screens
{
    /// <summary>How many of the pool's first pictures donors are tried on.</summary>
    public const int Hosts = 8;

    private const int PatchHosts = 4;
    private const int MostDonors = 1500;
    private const int LeastOfClass = 12;
    private const int MostOfClass = 250;

    private readonly Bench _bench;
    private readonly (EvidenceRow Row, KnownPicture Picture)[] _hosts;
    private readonly float[][] _before;

    private Screens(Bench bench)
    {
        _bench = bench;
        Patches = new PatchScreen(bench);
        _hosts = [.. bench.Pool.First(Hosts)];
        _before = Score(_hosts.Select(host => host.Picture.Input));
        (int Class, EvidenceRow[] Rows)[] classes = [.. bench.Table.Classes(Places.FixedPlaces.LeastRows)];
        int each = Math.Clamp(MostDonors / Math.Max(1, classes.Length), LeastOfClass, MostOfClass);
        Donors = [.. classes.SelectMany(group => bench.Some(group.Rows, each))];
    }

    /// <summary>The rows that were tried.</summary>
    public EvidenceRow[] Donors { get; }

    /// <summary>What the donors' hottest patches do.</summary>
    public PatchScreen Patches { get; }

    /// <summary>How much each donor's colours raise each class.</summary>
    public float[][] ByColour { get; private set; } = [];

    /// <summary>How much each donor's rim raises each class.</summary>
    public float[][] ByRim { get; private set; } = [];

    /// <summary>Of each donor, the probability of each class in pictures of one corner of it, the third largest of the four.</summary>
    public float[][] ByGround { get; private set; } = [];

    /// <summary>The probabilities of each donor's classes when its object is filled from its surroundings; null where it is not known where that is.</summary>
    public float[]?[] WithoutObject { get; private set; } = [];

    /// <summary>What tells a donor's rim from others': means and deviations of its planes, and how rough they are.</summary>
    public float[][] RimLooks { get; private set; } = [];

    /// <returns>Null where there are too few pictures.</returns>
    public static Screens? Of(Bench bench)
    {
        var screens = new Screens(bench);
        if (screens._hosts.Length < 2 || screens.Donors.Length == 0)
        {
            return null;
        }

        screens.Run();
        return screens;
    }

    private void Run()
    {
        InputFrame frame = _bench.Frame;
        bool[] rim = frame.Rim();
        Dictionary<long, int> places = Donors.Index().ToDictionary(pair => pair.Item.Position, pair => pair.Index);
        ByColour = [.. Donors.Select(_ => new float[_bench.Table.ClassCount])];
        ByRim = [.. Donors.Select(_ => new float[_bench.Table.ClassCount])];
        ByGround = [.. Donors.Select(_ => Array.Empty<float>())];
        RimLooks = [.. Donors.Select(_ => Array.Empty<float>())];
        WithoutObject = new float[Donors.Length][];
        foreach (KnownPicture picture in _bench.Source.ReadPictures(places.Keys.ToHashSet()))
        {
            int donor = places[picture.Position];
            RimLooks[donor] = RimLook.Of(picture.Input, rim, frame);
            for (int h = 0; h < _hosts.Length; h++)
            {
                float[] host = _hosts[h].Picture.Input;
                Add(h, ByColour[donor], _bench.Laboratory.Recoloured(host, _hosts[h].Row.RimColours, Donors[donor].RimColours));
                Add(h, ByRim[donor], Laboratory.Pasted(host, picture.Input, rim));
            }

            Patches.Try(Donors[donor], picture, _hosts[..Math.Min(PatchHosts, _hosts.Length)], _before);
            float[][] corners = new float[CornerGround.Corners][];
            for (int corner = 0; corner < CornerGround.Corners; corner++)
            {
                int place = corner;
                _bench.Scorer.Ask(CornerGround.Of(picture.Input, corner, frame), reply =>
                {
                    corners[place] = reply.ToArray();
                    if (place == CornerGround.Corners - 1)
                    {
                        ByGround[donor] = [.. Enumerable.Range(0, reply.Length).Select(c => corners.Select(scores => scores[c]).Order().ElementAt(1))];
                    }
                });
            }

            if (picture.Object is not null)
            {
                _bench.Scorer.Ask(_bench.WithoutObject(picture), reply => WithoutObject[donor] = reply.ToArray());
            }
        }

        _bench.Scorer.Flush();
    }

    // A class's own hosts have nothing to gain.
    private void Add(int host, float[] sums, float[] altered) => _bench.Scorer.Ask(altered, reply =>
    {
        for (int c = 0; c < reply.Length; c++)
        {
            int hosts = _hosts.Count(one => one.Row.Predicted != c);
            sums[c] += _hosts[host].Row.Predicted == c || hosts == 0 ? 0 : (reply[c] - _before[host][c]) / hosts;
        }
    });

    private float[][] Score(IEnumerable<float[]> pictures)
    {
        float[][] all = [.. pictures];
        float[][] scores = new float[all.Length][];
        for (int i = 0; i < all.Length; i++)
        {
            int place = i;
            _bench.Scorer.Ask(all[i], reply => scores[place] = reply.ToArray());
        }

        _bench.Scorer.Flush();
        return scores;
    }
}
