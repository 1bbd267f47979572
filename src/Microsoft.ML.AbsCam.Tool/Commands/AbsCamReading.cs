using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary><c>--phase</c> and <c>--masks</c>: ways to the name of one of Abs-CAM's methods.</summary>
internal sealed class AbsCamReading
{
    private readonly Option<Phase?> _phase = CommonOptions.Choice("--phase", "The map of phase 1 (one forward pass an image) or of phase 2. [default: final]", ("initial", Phase.Initial), ("final", Phase.Final));
    private readonly Option<Masks?> _masks = CommonOptions.Choice("--masks", "How phase 2 combines the masked scores. [default: weighted]", ("weighted", Masks.Weighted), ("per-channel", Masks.PerChannel), ("per-channel-logit", Masks.PerChannelLogit), ("whole", Masks.Whole));

    private enum Phase
    {
        Initial,
        Final,
    }

    private enum Masks
    {
        Weighted,
        PerChannel,
        PerChannelLogit,
        Whole,
    }

    public IEnumerable<Option> Options => [_phase, _masks];

    /// <param name="parsed">The command line.</param>
    /// <param name="method">What <c>--method</c> says; another method than plain Abs-CAM has neither phases nor readings.</param>
    public SaliencyMethod MethodOf(ParseResult parsed, SaliencyMethod? method) => (parsed.GetValue(_phase), parsed.GetValue(_masks)) switch
    {
        _ when method is not null && method != SaliencyMethod.AbsCam => method,
        (Phase.Initial, _) => SaliencyMethod.AbsCamInitial,
        (_, Masks.PerChannel) => SaliencyMethod.AbsCamPerChannel,
        (_, Masks.PerChannelLogit) => SaliencyMethod.AbsCamPerChannelLogit,
        (_, Masks.Whole) => SaliencyMethod.AbsCamWhole,
        _ => SaliencyMethod.AbsCam,
    };
}
