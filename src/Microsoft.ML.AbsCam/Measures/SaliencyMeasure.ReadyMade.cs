using Microsoft.ML.AbsCam.Measures.BuiltIn;

namespace Microsoft.ML.AbsCam;

/// <content>The ready-made measures.</content>
public abstract partial class SaliencyMeasure
{
    /// <summary>Average Drop (Grad-CAM++, WACV 2018): the mean of max(0, Y - O) / Y. For maps in [0,1].</summary>
    public static SaliencyMeasure AverageDrop { get; } = new AverageDropMeasure();

    /// <summary>Average Increase (Grad-CAM++, WACV 2018): the share of rows with O above Y. For maps in [0,1].</summary>
    public static SaliencyMeasure AverageIncrease { get; } = new AverageIncreaseMeasure();

    /// <summary>Average Gain (Opti-CAM, arXiv 2301.07002): the mean of max(0, O - Y) / (1 - Y). For maps in [0,1].</summary>
    public static SaliencyMeasure AverageGain { get; } = new AverageGainMeasure();

    /// <summary>Coherency (Poppi et al., CVPR Workshops 2021): how alike the map is to that of the image times the map, (Pearson + 1) / 2. Needs the transformer that makes maps.</summary>
    public static SaliencyMeasure Coherency { get; } = new CoherencyMeasure();

    /// <summary>Complexity (Poppi et al., CVPR Workshops 2021): the mean of the map's absolute values. For maps in [0,1].</summary>
    public static SaliencyMeasure Complexity { get; } = new ComplexityMeasure();

    /// <summary>ADCC (Poppi et al., CVPR Workshops 2021): the harmonic mean of coherency, 1 - complexity and 1 - drop, row by row; 0 where one of the three is. Needs the transformer that makes maps.</summary>
    public static SaliencyMeasure Adcc { get; } = new AdccMeasure();

    /// <summary>The energy-based pointing game (Score-CAM, CVPR Workshops 2020): the share of the map's sum that lies on the object. Needs boxes or masks.</summary>
    public static SaliencyMeasure EnergyPointingGame { get; } = new EnergyPointingGameMeasure();

    /// <summary>Deletion (Petsiuk et al., BMVC 2018): the area under the class's probability while the most salient pixels go first. Lower is better.</summary>
    /// <param name="protocol">How pixels go; null takes <see cref="PerturbationProtocol.Rise"/>.</param>
    public static SaliencyMeasure Deletion(PerturbationProtocol? protocol = null) => new DeletionMeasure(protocol ?? PerturbationProtocol.Rise);

    /// <summary>Insertion (Petsiuk et al., BMVC 2018): the area under the class's probability while the most salient pixels come first. Higher is better.</summary>
    /// <param name="protocol">How pixels come; null takes <see cref="PerturbationProtocol.Rise"/>.</param>
    public static SaliencyMeasure Insertion(PerturbationProtocol? protocol = null) => new InsertionMeasure(protocol ?? PerturbationProtocol.Rise);

    /// <summary>Insertion less Deletion, row by row: one number for both. It costs nothing beside them.</summary>
    /// <param name="protocol">How pixels come and go; null takes <see cref="PerturbationProtocol.Rise"/>.</param>
    public static SaliencyMeasure InsertionMinusDeletion(PerturbationProtocol? protocol = null) => new InsertionMinusDeletionMeasure(protocol ?? PerturbationProtocol.Rise);

    /// <summary>
    /// The Pointing Game (Zhang et al., IJCV 2018): whether the map, brought to the photo's own size, is highest on the object or less than
    /// a tolerance from it; hits of a class over its rows, then the mean over classes. Needs boxes or masks.
    /// </summary>
    /// <param name="tolerance">The distance in pixels of the photo, 0 or more; a pixel of the object must lie strictly nearer, or be the one pointed at.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not a number.</exception>
    public static SaliencyMeasure PointingGame(double tolerance = UsualTolerance)
        => tolerance >= 0 ? new PointingGameMeasure(tolerance) : throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance is a distance in pixels, 0 or more.");

    /// <summary>Sparseness (Chalasani et al., ICML 2020): the Gini index of the map's absolute values, 0 for a constant map, near 1 where few pixels hold everything. It ranks no map.</summary>
    public static SaliencyMeasure Sparseness { get; } = new SparsenessMeasure();

    /// <summary>
    /// ROAD, most relevant first (Rong et al., ICML 2022): the share of rows whose class is still the highest while the most salient pixels are imputed from their
    /// surroundings. Lower is better. Only taken where it is named.
    /// </summary>
    /// <param name="protocol">How pixels go; null takes <see cref="RoadProtocol.Paper"/>.</param>
    public static SaliencyMeasure RoadMostRelevantFirst(RoadProtocol? protocol = null) => new RoadMeasure(protocol ?? RoadProtocol.Paper, leastFirst: false);

    /// <summary>ROAD, least relevant first (Rong et al., ICML 2022): the same while the least salient pixels go. Higher is better. Only taken where it is named.</summary>
    /// <param name="protocol">How pixels go; null takes <see cref="RoadProtocol.Paper"/>.</param>
    public static SaliencyMeasure RoadLeastRelevantFirst(RoadProtocol? protocol = null) => new RoadMeasure(protocol ?? RoadProtocol.Paper, leastFirst: true);

    /// <summary>
    /// Max-Sensitivity (Yeh et al., NeurIPS 2019), as Quantus has it: the greatest |map(x') - map(x)| / |x| of images x' whose every value lies within a radius of
    /// that of x. Lower is better. Needs the transformer that makes maps, and is only taken where it is named.
    /// </summary>
    /// <param name="radius">How far a value of the network's input moves at most, positive and finite.</param>
    /// <param name="samples">How many images are drawn, each of which is explained; 1 to 1000.</param>
    /// <param name="seed">What they are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius or the number of images is out of its range.</exception>
    public static SaliencyMeasure MaxSensitivity(double radius = 0.2, int samples = 10, int seed = 1)
    {
        if (!(radius > 0) || !double.IsFinite(radius))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "The radius is a positive distance between values of the network's input.");
        }

        return samples is >= 1 and <= 1000
            ? new MaxSensitivityMeasure(radius, samples, seed)
            : throw new ArgumentOutOfRangeException(nameof(samples), samples, "The number of images is from 1 to 1000.");
    }

    /// <summary>All measures, in the order of tables.</summary>
    /// <param name="protocol">How Deletion and Insertion go about it; null takes <see cref="PerturbationProtocol.Rise"/>.</param>
    /// <param name="tolerance">The tolerance of the Pointing Game, in pixels of the photo.</param>
    public static IReadOnlyList<SaliencyMeasure> All(PerturbationProtocol? protocol = null, double tolerance = UsualTolerance) =>
    [
        Deletion(protocol), Insertion(protocol), InsertionMinusDeletion(protocol), PointingGame(tolerance), EnergyPointingGame,
        AverageDrop, AverageIncrease, AverageGain, Coherency, Complexity, Sparseness, Adcc,
        RoadMostRelevantFirst(), RoadLeastRelevantFirst(), MaxSensitivity(),
    ];

    /// <summary>The names of the measures that need boxes or masks.</summary>
    public static IReadOnlyList<string> OfObjects { get; } = [.. All().Where(measure => measure.NeedsObject).Select(measure => measure.Name)];

    /// <summary>The names of the measures that explain altered images, which only what makes the maps can do.</summary>
    public static IReadOnlyList<string> OfMoreMaps { get; } = [.. All().Where(measure => measure.NeedsMoreMaps).Select(measure => measure.Name)];

    /// <summary>The names of the measures that ask whether a class is still the highest.</summary>
    public static IReadOnlyList<string> OfRivals { get; } = [.. All().Where(measure => measure.NeedsRivals).Select(measure => measure.Name)];

    /// <summary>The names of the measures that cost so much more than others that they are only taken where they are named.</summary>
    public static IReadOnlyList<string> OnlyByName { get; } = [.. All().Where(measure => measure.IsDear).Select(measure => measure.Name)];

    /// <summary>The names of the measures that compare probabilities of altered images.</summary>
    public static IReadOnlyList<string> OfProbabilities { get; } = [.. All().Where(measure => measure.NeedsProbability).Select(measure => measure.Name)];
}
