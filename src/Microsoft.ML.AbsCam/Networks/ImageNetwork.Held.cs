namespace Microsoft.ML.AbsCam;

/// <content>What was made of the network for its explanations, and lives as long as it does.</content>
public abstract partial class ImageNetwork
{
    private readonly Dictionary<string, IDisposable?> _held = new(StringComparer.Ordinal);

    /// <summary>What is held under that key; made when it is first asked for, and the network's from then on.</summary>
    /// <param name="key">What tells it from others.</param>
    /// <param name="make">Makes it; null where it cannot be, which is held too.</param>
    internal T? Held<T>(string key, Func<T?> make)
        where T : class, IDisposable
        => InTurn(() =>
        {
            if (!_held.TryGetValue(key, out IDisposable? held))
            {
                _held[key] = held = make();
            }

            return (T?)held;
        });

    /// <summary>Does something with what is held, in the turn of passes.</summary>
    /// <exception cref="ObjectDisposedException">The network is gone, and what it held with it.</exception>
    internal T With<T>(Func<T> work) => InTurn(work);

    private void ReleaseHeld()
    {
        foreach (IDisposable? held in _held.Values)
        {
            held?.Dispose();
        }
    }
}
