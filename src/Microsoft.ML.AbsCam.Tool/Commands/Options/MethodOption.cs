using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>How a method is written where one is asked for.</summary>
internal static class MethodOption
{
    public static Option<SaliencyMethod> Syntax(string usual = "abs-cam") => OptionSyntax.Parsed(
        "--method",
        "METHOD",
        $"The method: {string.Join(", ", SaliencyMethod.All.Concat(SaliencyMethod.ForSomeNetworks).Select(method => method.Name))}; rise(masks=N,cells=N,keep=P,seed=N); occlusion(patch=N,stride=N,fill=NUMBER); integrated-gradients(steps=N,baseline=NUMBER,blur=SHARE); recipro-cam(gaussian=true|false); smooth(METHOD,samples=N,noise=SHARE,flips=true|false,seed=N) for the mean over noisy and mirrored copies. [default: {usual}]",
        Parse);

    public static SaliencyMethod Parse(string text)
    {
        try
        {
            return SaliencyMethod.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message);
        }
    }
}
