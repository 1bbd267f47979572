using System.Globalization;
using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

/// <summary>Max-Sensitivity: how far the map moves at most while the image moves a little.</summary>
internal sealed class MaxSensitivityMeasure(double radius, int samples, int seed) : SaliencyMeasure(
    "max-sensitivity",
    string.Create(CultureInfo.InvariantCulture, $"greatest |map(x') - map(x)| / |x| of {samples} images within {radius:0.####} of x{(seed == 1 ? "" : $", seed {seed}")}"),
    isHigherBetter: false)
{
    internal override IReadOnlyList<MapProbe> MapProbes { get; } = [new ShakenMapProbe(radius, samples, seed)];

    internal override bool IsDear => true;

    internal override MeasureValue Judge(RowEvidence row) => row.Maps(MapProbes[0]).Greatest();
}
