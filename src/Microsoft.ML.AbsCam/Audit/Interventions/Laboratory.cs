using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>Alters pictures and scores them, each beside controls.</summary>
/// <param name="scorer">What scores.</param>
/// <param name="frame">The size of the pictures.</param>
/// <param name="trials">How many pictures an experiment takes at most.</param>
/// <param name="random">What pairs and random regions are drawn from.</param>
internal sealed class Laboratory(ImageScorer scorer, InputFrame frame, int trials, Random random)
{
    private const float MostStretch = 2;

    /// <summary>Puts the subjects' regions into pictures of other classes. Controls: a random region of the same picture and size, and the same place of pictures of other classes.</summary>
    /// <param name="target">The class.</param>
    /// <param name="subjects">Pictures of the class.</param>
    /// <param name="hosts">Pictures of other classes.</param>
    /// <param name="withRandom">Whether the first control is made; where the thing is everywhere in a picture, a random region has it too.</param>
    public TrialResult Transplant(int target, IReadOnlyList<Subject> subjects, IReadOnlyList<KnownPicture> hosts, bool withRandom = true)
    {
        int count = Math.Min(trials, hosts.Count);
        var trial = new Readings(target, count, gain: true);
        for (int i = 0; i < count; i++)
        {
            Subject subject = subjects[i % subjects.Count];
            float[] host = hosts[i].Input;
            trial.Before(scorer, i, host);
            trial.Treat(scorer, i, Pasted(host, subject.Picture, subject.Region));
            trial.Control(scorer, i, 0, Pasted(host, hosts[(i + (hosts.Count / 2)) % hosts.Count].Input, subject.Region));
            if (withRandom)
            {
                trial.Control(scorer, i, 1, Pasted(host, subject.Picture, RandomRegions.Like(subject.Region, frame, random)));
            }
        }

        scorer.Flush();
        return trial.Result($"put into pictures of other classes ({(withRandom ? "controls: the same place of other pictures; a random region of the same size" : "control: the same place of other pictures")})", withRandom ? 2 : 1);
    }

    /// <summary>Fills the subjects' regions from their surroundings. Control: a random region of the same size.</summary>
    public TrialResult Fill(int target, IReadOnlyList<Subject> subjects)
    {
        int count = Math.Min(trials, subjects.Count);
        var trial = new Readings(target, count, gain: false);
        for (int i = 0; i < count; i++)
        {
            Subject subject = subjects[i];
            trial.Before(scorer, i, subject.Picture);
            trial.Treat(scorer, i, Filled(subject.Picture, subject.Region));
            trial.Control(scorer, i, 0, Filled(subject.Picture, RandomRegions.Like(subject.Region, frame, random)));
        }

        scorer.Flush();
        return trial.Result("filled from its surroundings (control: a random region of the same size)", controls: 1);
    }

    /// <summary>Gives rows' colours along the rim to pictures of other classes. Control: the colours of rows of other classes.</summary>
    public TrialResult Recolour(int target, IReadOnlyList<EvidenceRow> rows, IReadOnlyList<(EvidenceRow Row, KnownPicture Picture)> hosts, IReadOnlyList<EvidenceRow> others)
    {
        float[] recoloured(int i, IReadOnlyList<EvidenceRow> to) => Recoloured(hosts[i].Picture.Input, hosts[i].Row.RimColours, to[i % to.Count].RimColours);
        return Try(
            "its colours along the rim given to pictures of other classes (control: that of other classes' pictures)", target, [.. hosts.Select(host => host.Picture.Input)], i => recoloured(i, rows), i => recoloured(i, others));
    }

    /// <summary>Puts grounds behind the objects of pictures of other classes, which stay. Control: the grounds of other pictures of other classes.</summary>
    /// <param name="name">What is done, in words, and the control.</param>
    /// <param name="target">The class.</param>
    /// <param name="grounds">Pictures of the class's grounds, without objects.</param>
    /// <param name="hosts">Pictures of other classes, with the pixels beside their objects.</param>
    /// <param name="others">The same of other classes.</param>
    public TrialResult PutBehind(string name, int target, IReadOnlyList<float[]> grounds, IReadOnlyList<Subject> hosts, IReadOnlyList<float[]> others) => Try(
        name, target, [.. hosts.Select(host => host.Picture)],
        i => Pasted(hosts[i].Picture, grounds[i % grounds.Count], hosts[i].Region), i => Pasted(hosts[i].Picture, others[(i + (others.Count / 2)) % others.Count], hosts[i].Region));

    /// <summary>Alters pictures of other classes, and the same pictures in other ways as controls.</summary>
    /// <param name="name">What is done, in words, and the controls.</param>
    /// <param name="target">The class.</param>
    /// <param name="hosts">Pictures of other classes.</param>
    /// <param name="treat">One of them as it is altered.</param>
    /// <param name="controls">The same altered otherwise, two ways at most.</param>
    public TrialResult Try(string name, int target, IReadOnlyList<float[]> hosts, Func<int, float[]> treat, params Func<int, float[]>[] controls)
    {
        int count = Math.Min(trials, hosts.Count);
        var trial = new Readings(target, count, gain: true);
        for (int i = 0; i < count; i++)
        {
            trial.Before(scorer, i, hosts[i]);
            trial.Treat(scorer, i, treat(i));
            foreach ((int place, Func<int, float[]> control) in controls.Index())
            {
                trial.Control(scorer, i, place, control(i));
            }
        }

        scorer.Flush();
        return trial.Result(name, controls.Length);
    }

    public static float[] Pasted(float[] host, float[] donor, bool[] region)
    {
        float[] pasted = [.. host];
        for (int i = 0; i < pasted.Length; i++)
        {
            pasted[i] = region[i % region.Length] ? donor[i] : pasted[i];
        }

        return pasted;
    }

    public float[] Filled(float[] picture, bool[] region)
    {
        float[] filled = [.. picture];
        PushPullFill.Fill(filled, region, frame);
        return filled;
    }

    /// <summary>A picture with a cast of colour (Reinhard and others 2001): each plane is moved and stretched as one rim's mean and deviation are to another's, by half to twice.</summary>
    public float[] Recoloured(float[] picture, ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        float[] recoloured = new float[picture.Length];
        for (int plane = 0; plane < frame.Planes; plane++)
        {
            (float mean, float deviation) = (from[plane], from[frame.Planes + plane]);
            float stretch = deviation > 0 ? Math.Clamp(to[frame.Planes + plane] / deviation, 1 / MostStretch, MostStretch) : 1;
            Span<float> values = recoloured.AsSpan(plane * frame.Pixels, frame.Pixels);
            System.Numerics.Tensors.TensorPrimitives.Multiply(picture.AsSpan(plane * frame.Pixels, frame.Pixels), stretch, values);
            System.Numerics.Tensors.TensorPrimitives.Add(values, to[plane] - (stretch * mean), values);
        }

        return recoloured;
    }
}
