using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A <see cref="TinyModule"/> that disposes what it makes on the way in a scope of its own.</summary>
internal sealed class ScopedModule() : TinyModule(inPlace: true)
{
    protected override Tensor Features(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return base.Features(input).MoveToOuterDisposeScope();
    }
}
