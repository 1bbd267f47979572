namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>The three ways to a method: its name, and for Abs-CAM the phase, and how phase 2 reads masks.</summary>
/// <param name="Named">What --method names; null where it is not given.</param>
/// <param name="OfPhase">The method that --phase stands for; null where it is not given.</param>
/// <param name="OfMasks">The method that --masks stands for; null where it is not given.</param>
internal sealed record MethodRequest(SaliencyMethod? Named = null, SaliencyMethod? OfPhase = null, SaliencyMethod? OfMasks = null)
{
    /// <summary>Whether nothing was said.</summary>
    public bool IsUsual => this == new MethodRequest();

    private bool IsAbsCam => Named is null || Named == SaliencyMethod.AbsCam;

    public SaliencyMethod Settled => !IsAbsCam ? Named! : OfPhase == SaliencyMethod.AbsCamInitial ? OfPhase : OfMasks ?? SaliencyMethod.AbsCam;

    /// <summary>What was given and changes nothing, as a sentence; null where all of it counts.</summary>
    public string? Idle => (IsAbsCam, OfPhase, OfMasks) switch
    {
        (false, not null, _) or (false, _, not null) => $"--phase and --masks choose among the readings of {SaliencyMethod.AbsCam}, and the method is {Named}: they change nothing",
        (true, var phase, not null) when phase == SaliencyMethod.AbsCamInitial => "--masks chooses how phase 2 reads masks, and --phase initial ends before it: it changes nothing",
        _ => null,
    };
}
