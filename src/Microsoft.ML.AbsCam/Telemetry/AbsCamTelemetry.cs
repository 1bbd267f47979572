namespace Microsoft.ML.AbsCam;

/// <summary>
/// Under which names the library tells what it does: numbers by <see cref="System.Diagnostics.Metrics"/>, and traces by
/// <see cref="System.Diagnostics.ActivitySource"/>, for OpenTelemetry, dotnet-counters and whatever else listens. Where nobody listens, nothing is measured.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>abscam.images</term><description>Counter, {image}: images that were explained, or scored alone; by abscam.method, "none" where only scores were asked for.</description></item>
/// <item><term>abscam.images.unreadable</term><description>Counter, {image}: rows without an image, or with one that could not be read.</description></item>
/// <item><term>abscam.maps</term><description>Counter, {map}: maps that were asked for; by abscam.method and abscam.status, a <see cref="MapStatus"/>.</description></item>
/// <item><term>abscam.forwards</term><description>Counter, {image}: images that went through the network, as <see cref="AbsCamColumns.Forwards"/> counts them; by abscam.method.</description></item>
/// <item><term>abscam.masks, abscam.masks.expected</term><description>Counters, {image}: masked images that went through the network, told as they do, and those that a
/// batch sets out to run at most: how far a batch is, between two additions to abscam.images.</description></item>
/// <item><term>abscam.phase.duration</term><description>Histogram, ms: what a batch spent in a phase; by abscam.method and abscam.phase: forward (the images' own pass),
/// gradient, masks (passes of masked images and ablated activations), map (the rest: masks painted, maps added up and normalised). Waiting for one's turn at the network counts.</description></item>
/// <item><term>abscam.tensors</term><description>UpDownCounter, {tensor}: TorchSharp's live tensors in the process.</description></item>
/// </list>
/// <para>Each batch is an activity <c>abscam.explain</c>, with network, method, layers, engine, images and forwards as tags and one child for each phase but map,
/// from its first pass to its last; abscam.milliseconds and abscam.passes say how much of that it was.</para>
/// </remarks>
public static class AbsCamTelemetry
{
    /// <summary>The meter's name, <c>Microsoft.ML.AbsCam</c>.</summary>
    public const string MeterName = "Microsoft.ML.AbsCam";

    /// <summary>The activity source's name, <c>Microsoft.ML.AbsCam</c>.</summary>
    public const string ActivitySourceName = "Microsoft.ML.AbsCam";
}
