namespace Microsoft.ML.AbsCam;

/// <summary>The application has no libtorch that can be loaded; the message says which package to add.</summary>
/// <remarks>
/// The library leaves the choice between CPU and CUDA to the application, which references one libtorch package for its platform. The build
/// warns where there is none (<c>ABSCAM001</c>); this is what a run without one ends in, at the first network that is read.
/// </remarks>
public sealed class LibTorchNotFoundException : DllNotFoundException
{
    internal LibTorchNotFoundException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
