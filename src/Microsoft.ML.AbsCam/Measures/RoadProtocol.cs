using System.Globalization;

namespace Microsoft.ML.AbsCam;

/// <summary>How ROAD takes pixels away (Rong et al., ICML 2022). Numbers of two protocols do not compare, so every result carries the protocol's text.</summary>
public sealed record RoadProtocol
{
    private readonly IReadOnlyList<int> _percentages = [10, 20, 30, 40, 50, 60, 70, 80, 90];
    private readonly double _noise = 0.01;

    /// <summary>The paper's: 10, 20, … 90 % of the pixels, noise of deviation 0.01.</summary>
    public static RoadProtocol Paper { get; } = new();

    /// <summary>The shares of pixels that go, in percent, rising, each from 1 to 99. Default: 10, 20, … 90.</summary>
    /// <exception cref="ArgumentException">There is none, one is out of its range, or they do not rise.</exception>
    public IReadOnlyList<int> Percentages
    {
        get => _percentages;
        init => _percentages = value is { Count: > 0 } && value.All(share => share is >= 1 and <= 99) && value.Zip(value.Skip(1)).All(pair => pair.First < pair.Second)
            ? [.. value]
            : throw new ArgumentException($"{nameof(RoadProtocol)}.{nameof(Percentages)} are rising whole numbers from 1 to 99.", nameof(value));
    }

    /// <summary>The standard deviation of the Gaussian noise on imputed values, in the space of the network's input, 0 or more. Default: 0.01.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Noise
    {
        get => _noise;
        init => _noise = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(RoadProtocol)}.{nameof(Noise)} is a standard deviation, 0 or more.");
    }

    /// <summary>What the noise is drawn from, the same for all rows. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"mean over {Shares()} % of the pixels imputed, noise {Noise:0.####}{(Seed == 1 ? "" : $", seed {Seed}")}");

    /// <summary>Two protocols are equal where they do the same.</summary>
    public bool Equals(RoadProtocol? other) => other is not null && Noise == other.Noise && Seed == other.Seed && Percentages.SequenceEqual(other.Percentages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Noise, Seed, Percentages.Count, Percentages[0]);

    private string Shares() => Percentages.Count > 3 && Percentages.Zip(Percentages.Skip(1), (before, after) => after - before).Distinct().Count() == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Percentages[0]}, {Percentages[1]}, \u2026 {Percentages[^1]}")
        : string.Join(", ", Percentages);
}
