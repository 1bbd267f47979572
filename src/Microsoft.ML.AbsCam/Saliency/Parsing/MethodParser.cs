using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Saliency.Methods;

namespace Microsoft.ML.AbsCam.Saliency.Parsing;

/// <summary>From a name, <c>NAME</c> or <c>NAME(NUMBERS)</c>, to the method: what a name says is all that the method is made of.</summary>
internal static class MethodParser
{
    /// <exception cref="ArgumentException">There is no such method, or a number in it is wrong.</exception>
    public static SaliencyMethod Read(string text)
    {
        string name = text.Trim();
        int open = name.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return ReadyMade(name) ?? throw Unknown(name);
        }

        string family = name[..open].TrimEnd();
        if (!name.EndsWith(')'))
        {
            throw new ArgumentException($"The saliency method '{name}' lacks the closing parenthesis.");
        }

        string inside = name[(open + 1)..^1];
        if (family.Equals(Rise.Family, StringComparison.OrdinalIgnoreCase))
        {
            var numbers = new MethodArguments(name, inside, "masks", "cells", "keep", "seed");
            return new Rise(numbers.Whole("masks", Rise.DefaultMasks), numbers.Whole("cells", Rise.DefaultCells), numbers.Real("keep", Rise.DefaultKeep), numbers.Whole("seed", 0));
        }

        if (family.Equals(Occlusion.Family, StringComparison.OrdinalIgnoreCase))
        {
            var numbers = new MethodArguments(name, inside, "patch", "stride", "fill");
            return new Occlusion(numbers.Whole("patch", 0), numbers.Whole("stride", 0), numbers.Real("fill", 0));
        }

        if (family.Equals(IntegratedGradients.Family, StringComparison.OrdinalIgnoreCase))
        {
            var numbers = new MethodArguments(name, inside, "steps", "baseline", "blur");
            return new IntegratedGradients(numbers.Whole("steps", IntegratedGradients.DefaultSteps), numbers.Real("baseline", 0), numbers.Real("blur", IntegratedGradients.DefaultBlur));
        }

        if (family.Equals(ReciproCam.Family, StringComparison.OrdinalIgnoreCase))
        {
            return new ReciproCam(new MethodArguments(name, inside, "gaussian").Flag("gaussian", false));
        }

        if (family.Equals(SmoothedMethod.Family, StringComparison.OrdinalIgnoreCase))
        {
            (string inner, string rest) = First(inside);
            var numbers = new MethodArguments(name, rest, "samples", "noise", "flips", "seed");
            return new SmoothedMethod(Read(inner), numbers.Whole("samples", SmoothedMethod.DefaultSamples), numbers.Real("noise", SmoothedMethod.DefaultNoise), numbers.Flag("flips", true), numbers.Whole("seed", 0));
        }

        throw ReadyMade(family) is null ? Unknown(family) : new ArgumentException($"The saliency method '{family}' takes nothing in parentheses.");
    }

    private static IEnumerable<SaliencyMethod> Known => SaliencyMethod.All.Concat(SaliencyMethod.ForSomeNetworks);

    private static SaliencyMethod? ReadyMade(string name) => Known.FirstOrDefault(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static ArgumentException Unknown(string name)
    {
        string[] known = [.. Known.Select(method => method.Name)];
        string what = name.Equals(SmoothedMethod.Family, StringComparison.OrdinalIgnoreCase)
            ? $"'{SmoothedMethod.Family}' needs a method in parentheses: {SmoothedMethod.Family}({SaliencyMethod.GradCam.Name})."
            : $"There is no saliency method '{name}'.{NearNames.Hint(name, known)}";
        return new ArgumentException($"{what} The methods are {string.Join(", ", known)}, and {SmoothedMethod.Family}(METHOD) around any of them.");
    }

    /// <summary>What stands before the first comma outside parentheses, and after it.</summary>
    private static (string Method, string Numbers) First(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                return (text[..i], text[(i + 1)..]);
            }
        }

        return (text, "");
    }
}
