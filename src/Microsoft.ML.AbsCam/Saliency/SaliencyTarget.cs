using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam;

/// <summary>What is asked about an image: which class, or classes, or what else of the network's outputs is explained.</summary>
[JsonDerivedType(typeof(PredictedTarget), "predicted")]
[JsonDerivedType(typeof(TopTarget), "top")]
[JsonDerivedType(typeof(ClassTarget), "class")]
[JsonDerivedType(typeof(NamedClassTarget), "name")]
[JsonDerivedType(typeof(ColumnTarget), "column")]
[JsonDerivedType(typeof(RunnerUpTarget), "runnerUp")]
[JsonDerivedType(typeof(ContrastTarget), "contrast")]
[JsonDerivedType(typeof(OutputTarget), "output")]
[JsonDerivedType(typeof(RegionTarget), "region")]
[JsonDerivedType(typeof(BoxTarget), "box")]
[JsonDerivedType(typeof(SimilarityTarget), "similarity")]
[JsonDerivedType(typeof(SeveralTarget), "several")]
public abstract record SaliencyTarget
{
    private protected SaliencyTarget()
    {
    }

    /// <summary>What is explained, in words.</summary>
    public abstract override string ToString();

    /// <summary>The class that the network scores highest. The default.</summary>
    public static SaliencyTarget Predicted { get; } = new PredictedTarget();

    /// <summary>The classes that the network scores highest, in falling order; all columns then have one more leading dimension of this size.</summary>
    /// <param name="count">How many classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static SaliencyTarget Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new TopTarget(count);
    }

    /// <summary>The same class for every row, by its index in the network's scores, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static SaliencyTarget Class(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ClassTarget(index);
    }

    /// <summary>The same class for every row, by its name among <see cref="AbsCamOptions.Labels"/>.</summary>
    public static SaliencyTarget Class(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamedClassTarget(name);
    }

    /// <summary>A class a row, from a column: an integer is an index from 0, a text is a name among the labels or an index, a vector of scores (as <c>ApplyOnnxModel</c> gives) is its
    /// highest entry. What a key's values, or a vector's slots, are called is looked up like a text, since their order need not be the network's; names
    /// that are no numbers are refused without labels. A key without names is a position.</summary>
    public static SaliencyTarget Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ColumnTarget(name);
    }

    /// <summary>The class that the network scores highest besides the one that is explained; as the other class of a <see cref="Contrast"/>.</summary>
    public static SaliencyTarget RunnerUp { get; } = new RunnerUpTarget();

    /// <summary>
    /// What speaks for one class and against another: y_c - gamma y_d (Finer-CAM, arXiv 2501.11309). The probability that weighs masked images is
    /// the sigmoid of it, that of c where c or d is true. Of a class and itself with gamma 1 nothing is left, and the map is flat.
    /// </summary>
    /// <param name="against">The other class d: <see cref="RunnerUp"/>, a class, or a column, such as one of the true classes.</param>
    /// <param name="of">The class c: <see cref="Predicted"/>, a class, or a column. Default: the predicted one.</param>
    /// <param name="gamma">How much of the other class is taken off, above 0. Default: 1.</param>
    /// <exception cref="ArgumentException">One of the two is no single class.</exception>
    public static SaliencyTarget Contrast(SaliencyTarget against, SaliencyTarget? of = null, double gamma = 1)
        => new ContrastTarget(OneClass(of ?? Predicted), OneClass(against, mayFollow: true), gamma);

    /// <summary>
    /// One number of the output, as of a regression. Masked images weigh by where their value lies between that of an image of zeros, 0, and
    /// that of the image itself, 1.
    /// </summary>
    /// <param name="index">Its place in the output, from 0.</param>
    /// <param name="negative">Whether to ask what makes it small instead of large.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static SaliencyTarget Output(int index, bool negative = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new OutputTarget(index, negative);
    }

    /// <summary>
    /// A class in a region, of a network that scores the classes of every pixel [batch, classes, height, width]: the mean of the class's logit over
    /// the region. Masked images weigh by the mean of the class's probability over it.
    /// </summary>
    /// <param name="of">The class. Default: of a mask, the class with the highest mean; without one, the class of most pixels, besides one that the labels call the background.</param>
    /// <param name="maskColumn">A column of masks of the photo's size, as images (what is not black is inside) or vectors [height, width] (above 0). Null takes the pixels
    /// that the network gives to the class.</param>
    /// <exception cref="ArgumentException">It is no single class.</exception>
    public static SaliencyTarget Region(SaliencyTarget? of = null, string? maskColumn = null) => new RegionTarget(OneClass(of ?? Predicted), maskColumn);

    /// <summary>
    /// The most confident detection, of a detector before non-maximum suppression. Masked images weigh by the confidence of the detection at the same
    /// place: the greatest product of overlap (intersection over union) and probability.
    /// </summary>
    /// <param name="of">The class whose most confident detection it is. Default: of any class.</param>
    /// <exception cref="ArgumentException">It is no single class.</exception>
    public static SaliencyTarget Box(SaliencyTarget? of = null) => new BoxTarget(OneClass(of ?? Predicted), null, null);

    /// <summary>The detection that overlaps a box most; of those that overlap it about as much, the most confident one.</summary>
    /// <param name="left">The box's left side, in pixels of the photo.</param>
    /// <param name="top">Its upper side.</param>
    /// <param name="width">Its width, above 0.</param>
    /// <param name="height">Its height, above 0.</param>
    /// <param name="of">The class. Default: the detection's most probable one.</param>
    /// <exception cref="ArgumentException">It is no box, or no single class.</exception>
    public static SaliencyTarget Box(double left, double top, double width, double height, SaliencyTarget? of = null)
        => double.IsFinite(left) && double.IsFinite(top) && double.IsFinite(width) && double.IsFinite(height) && width > 0 && height > 0
            ? new BoxTarget(OneClass(of ?? Predicted), [left, top, left + width, top + height], null)
            : throw new ArgumentOutOfRangeException(nameof(width), "A box is four finite numbers, and its width and height are above 0.");

    /// <summary>The detection that overlaps a row's box most.</summary>
    /// <param name="column">A column of vectors of four numbers: left, top, right, bottom, in pixels of the photo.</param>
    /// <param name="of">The class. Default: the detection's most probable one.</param>
    /// <exception cref="ArgumentException">It is no single class.</exception>
    public static SaliencyTarget BoxColumn(string column, SaliencyTarget? of = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        return new BoxTarget(OneClass(of ?? Predicted), null, column);
    }

    /// <summary>
    /// How alike the row's output, an embedding, is to another: their cosine. Masked images weigh by (1 + cosine) / 2.
    /// </summary>
    /// <param name="reference">The other embedding, as many numbers as the network gives; <c>ImageNetwork.Embed</c> makes one of a picture.</param>
    /// <exception cref="ArgumentException">It is empty, zero, or not of finite numbers.</exception>
    public static SaliencyTarget Similar(IReadOnlyList<float> reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Any(value => value != 0) && reference.All(float.IsFinite)
            ? new SimilarityTarget([.. reference], null)
            : throw new ArgumentException("An embedding to compare with is a vector of finite numbers that are not all 0.", nameof(reference));
    }

    /// <summary>How alike the row's output is to an embedding of its own.</summary>
    /// <param name="column">A column of vectors of as many numbers as the network gives.</param>
    public static SaliencyTarget SimilarColumn(string column)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        return new SimilarityTarget(null, column);
    }

    /// <summary>A question of one's own. Masked images weigh as for <see cref="Output"/>. It is not saved with a pipeline.</summary>
    /// <param name="name">What the question is called in the log.</param>
    /// <param name="score">From the network's outputs [N, ...], of any number of images, to one number each [N], differentiable, in TorchSharp's operations.</param>
    public static SaliencyTarget Own(string name, Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> score)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(score);
        return new OwnTarget(name, score);
    }

    /// <summary>
    /// Several questions, of one kind or of many: all columns then have one more leading dimension, with the questions' targets one after the other. A batch goes
    /// through the network once for all of them, and classes that several of them ask about are differentiated once.
    /// </summary>
    /// <param name="targets">The questions, one or more, none of which is several itself. A <see cref="Top"/> among them has as many places as classes.</param>
    /// <exception cref="ArgumentException">There are none, or one is several itself, or no target by itself.</exception>
    public static SaliencyTarget Several(params IReadOnlyList<SaliencyTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var several = new SeveralTarget([.. targets]);
        several.Validate();
        return several;
    }

    /// <summary>The questions that it consists of: mostly itself alone.</summary>
    internal virtual IReadOnlyList<SaliencyTarget> Parts => [this];

    /// <summary>How many classes or other numbers of a row it asks about.</summary>
    internal int TargetCount => Parts.Sum(part => part is TopTarget top ? top.Count : 1);

    /// <summary>Whether a class is told from another one, whose index <see cref="AbsCamColumns.Against"/> then holds.</summary>
    [JsonIgnore]
    public bool IsContrast => AgainstPart is not null;

    /// <summary>What chooses the class, where the question is about one.</summary>
    internal virtual SaliencyTarget ClassPart => this;

    /// <summary>What chooses the class that it is told from; null where there is none.</summary>
    internal virtual SaliencyTarget? AgainstPart => null;

    /// <exception cref="ArgumentException">A part of the target is out of its range; for what was read from a file.</exception>
    internal virtual void Validate()
    {
    }

    /// <exception cref="ArgumentException">It is no single class.</exception>
    private protected static SaliencyTarget OneClass(SaliencyTarget target, bool mayFollow = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target is PredictedTarget or ClassTarget or NamedClassTarget or ColumnTarget || (mayFollow && target is RunnerUpTarget)
            ? target
            : throw new ArgumentException($"A single class is expected: the predicted one, one by index or name, or one from a column{(mayFollow ? ", or the runner-up" : "")}; not {target}.", nameof(target));
    }
}
