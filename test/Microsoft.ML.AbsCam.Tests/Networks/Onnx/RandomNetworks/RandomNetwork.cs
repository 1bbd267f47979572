namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>A network that is drawn from a seed, with what is right of it by construction.</summary>
internal sealed class RandomNetwork
{
    // A share of the work so close to one half is drawn anew: which side it falls on is a matter of counting.
    private const double Half = 0.5;
    private const double Margin = 0.06;

    private RandomNetwork(TwinNetwork net, Random random)
    {
        (Net, Random) = (net, random);
        Trunk = new RandomTrunk(net, random);
    }

    public TwinNetwork Net { get; }

    /// <summary>The file.</summary>
    public byte[] Model { get; private set; } = [];

    /// <summary>What was drawn, in words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The layer that is explained.</summary>
    public TwinMap Layer { get; private set; } = null!;

    /// <summary>Whether that layer is the default; where not, there is none, since no layer holds half of the work.</summary>
    public bool IsPicked { get; private set; }

    /// <summary>The share of the multiplications on maps that the layer takes.</summary>
    public double Work { get; private set; }

    /// <summary>The scores before any softmax or sigmoid.</summary>
    public TwinMap Logits { get; private set; } = null!;

    /// <summary>Whether each score has a probability of its own.</summary>
    public bool IsSigmoid { get; private set; }

    /// <summary>Whether the file itself ends in probabilities.</summary>
    public bool EndsInProbabilities { get; private set; }

    /// <summary>What is asked for: nothing, but where the file cannot tell, and where one score is to be one label.</summary>
    public ScoreRule Rule => Logits.Channels == 1 ? ScoreRule.Sigmoid : EndsInProbabilities ? ScoreRule.Auto : ScoreRule.Softmax;

    /// <summary>The name of the output with the scores or probabilities.</summary>
    public string ScoreName { get; private set; } = "";

    /// <summary>Whether another output could hold scores as well, so that the file may be refused until one is named.</summary>
    public bool HasOtherScores { get; private set; }

    private Random Random { get; }

    private RandomTrunk Trunk { get; }

    public static RandomNetwork Draw(int seed)
    {
        for (int attempt = 0; ; attempt++)
        {
            Random random = new((seed * 1009) + attempt);
            TwinStyle style = TwinStyle.Draw(random);
            int height = TwinStyle.Any(random, 16, 20, 24, 32);
            int width = random.Next(3) == 0 ? TwinStyle.Any(random, 16, 20, 24, 32) : height;
            RandomNetwork drawn = new(new TwinNetwork(style, random, TwinStyle.Any(random, 3, 3, 3, 1), height, width), random);
            drawn.Build();
            if (Math.Abs(drawn.Work - Half) > Margin)
            {
                return drawn;
            }
        }
    }

    private void Build()
    {
        TwinMap image = Front();
        long width = TwinStyle.Any(Random, 6, 8, 12);
        string shape = Any("chain", "chain", "chain", "chain", "chain", "chain", "chain", "levels", "trunks");
        double until = 0;
        string head = "";
        TwinMap vector;
        switch (shape)
        {
            case "levels":
                TwinMap first = Trunk.Blocks(Trunk.Stem(image, width), 1 + Random.Next(2), width);
                until = Net.MapWork;
                TwinMap second = Trunk.Blocks(first, 1, width);
                vector = Net.Concat(Net.Mean(first), Net.Mean(second));
                Layer = until > Half * Net.MapWork ? first : second;
                break;
            case "trunks":
                TwinMap shared = Coin() ? Trunk.Blocks(Trunk.Stem(image, width), 1, width) : image;
                until = Net.MapWork;
                TwinMap left = Trunk.Blocks(shared == image ? Trunk.Stem(image, width) : shared, 1, width);
                TwinMap right = Trunk.Blocks(shared == image ? Trunk.Stem(image, width) : shared, 1, width);
                vector = Net.Concat(Net.Mean(left), Net.Most(right));
                Layer = until > Half * Net.MapWork ? shared : left;
                break;
            default:
                head = Any("linear", "linear", "mlp", "none", "single", "map");
                Layer = Trunk.End(Trunk.Blocks(Trunk.Stem(image, width), 1 + Random.Next(3), width, endsWide: head == "none"));
                until = Net.MapWork;
                vector = Pooled(Trunk.Tail(Layer), head);
                break;
        }

        Work = until / Net.MapWork;
        IsPicked = Work > Half;
        Classify(vector, head);
        Model = Net.ToBytes();
        Description = $"{shape} {Trunk.Description} {Description} {Net.Style}";
    }

    private TwinMap Front()
    {
        bool flips = Random.Next(4) == 0;
        bool flipsBytes = Coin();
        TwinMap x = flips && flipsBytes ? Net.Flip(Net.Image) : Net.Image;
        x = Net.Floats(x);
        x = flips && !flipsBytes ? Net.Flip(x) : x;
        return Net.Style.Numbers == TwinNumbers.ByteImage || Random.Next(3) == 0 ? Net.Standardize(x) : x;
    }

    private TwinMap Pooled(TwinMap x, string head)
    {
        string pool = head == "map" ? "" : Any("mean", "mean", "mean", "max", "both", "gem", "attention", head == "none" ? "mean" : "flatten");
        Description += $"{pool} {head}";
        return pool switch
        {
            "max" => Net.Most(x),
            "both" => Net.Concat(Net.Mean(x), Net.Most(x)),
            "gem" => Net.GeneralisedMean(x),
            "attention" => Net.AttentionPool(x),
            "flatten" => Net.FlattenAll(x),
            "mean" => Net.Mean(x),
            _ => ClassMap(x),
        };
    }

    private TwinMap ClassMap(TwinMap x)
    {
        TwinMap maps = Net.Conv(x, Classes(x.Channels));
        return Net.Mean(Coin() ? Net.Relu(maps) : maps);
    }

    private long Classes(long channels) => TwinStyle.Any(Random, 3, 5, 7, channels);

    private void Classify(TwinMap vector, string head)
    {
        Logits = head switch
        {
            "map" => vector,
            "none" => Coin() ? Net.Normalise(vector) : vector,
            "single" => Net.Linear(vector, 1),
            "mlp" => Net.Linear(Net.Relu(Net.Linear(vector, 16)), Classes(vector.Channels)),
            _ => Net.Linear(vector, Math.Min(20, Classes(vector.Channels))),
        };
        string ending = head switch
        {
            "none" => "none",
            "single" => Any("none", "sigmoid", "sigmoid spelled out"),
            _ => Any("none", "none", "softmax", "softmax spelled out", "sigmoid", "sigmoid spelled out"),
        };
        Description += $" {ending}";
        bool isSpelledOut = ending.EndsWith("out", StringComparison.Ordinal);
        IsSigmoid = ending.StartsWith("sigmoid", StringComparison.Ordinal) || head == "single";
        EndsInProbabilities = ending != "none";
        ScoreName = ending == "none" ? Logits.Name : IsSigmoid ? Net.SigmoidOf(Logits, isSpelledOut) : Net.Softmax(Logits, isSpelledOut);
        List<Action> outputs = [() => Net.Output(ScoreName, Logits.Channels)];
        Extras(vector, head, outputs);
        foreach (Action output in outputs)
        {
            output();
        }
    }

    // Other outputs before and behind the scores: the features, what goes into the classifier, the best two, the label.
    private void Extras(TwinMap vector, string head, List<Action> outputs)
    {
        string extra = Any("", "", "", "features", "embedding", "best", "label", "all");
        Description += extra.Length > 0 ? $" and {extra}" : "";
        if (extra is "features" or "all")
        {
            Insert(() => Net.Output(Layer.Name));
        }

        if (extra is "embedding" or "all" && head is not ("none" or "map"))
        {
            HasOtherScores = true;
            Insert(() => Net.Output(vector.Name, vector.Channels));
        }

        if (extra is "best" or "all" && Logits.Channels >= 2)
        {
            HasOtherScores = true;
            (string scores, string places) = Net.Best(ScoreName);
            Insert(() => Net.Output(scores, 2));
            Insert(() => Net.Output(places, 2, isIndex: true));
        }

        if (extra is "label" or "all" && Logits.Channels >= 2)
        {
            string label = Net.Label(ScoreName);
            Insert(() => Net.Output(label, isIndex: true));
        }

        void Insert(Action output) => outputs.Insert(Random.Next(outputs.Count + 1), output);
    }

    private bool Coin() => Random.Next(2) == 0;

    private string Any(params string[] items) => TwinStyle.Any(Random, items);
}
