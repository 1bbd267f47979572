using System.Numerics;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>
/// Solves the imputation's equations by conjugate gradients with symmetric over-relaxation before them (Saad 2003, chapter 10). The matrix is symmetric, and definite
/// as soon as one pixel is known, so it comes to an end; four right sides are solved side by side.
/// </summary>
internal sealed class ImputationSolver(PixelNeighbours of)
{
    // Holes of a few to some hundred pixels across need some dozens of steps with it.
    private const float Relaxation = 1.8f;

    // Of the first error's square, in the matrix's own norm: far below the noise that is added.
    private const float Enough = 1e-10f;

    private const int MostSteps = 1000;

    private readonly int _count = of.Count;
    private readonly Vector4[] _relaxed = new Vector4[of.Count + 1];

    /// <param name="right">The right sides.</param>
    /// <param name="start">What every unknown is taken for at first.</param>
    public Vector4[] Solve(Vector4[] right, Vector4 start)
    {
        var solution = new Vector4[_count + 1];
        var direction = new Vector4[_count + 1];
        var product = new Vector4[_count];
        var left = new Vector4[_count];
        Array.Fill(solution, start, 0, _count);
        Multiply(solution, left);
        for (int i = 0; i < _count; i++)
        {
            left[i] = right[i] - left[i];
        }

        Vector4 error = Relax(left);
        Vector4 enough = error * Enough;
        Array.Copy(_relaxed, direction, _count);
        for (int step = 0; step < MostSteps && !IsBelow(error, enough); step++)
        {
            Multiply(direction, product);
            Vector4 along = Divide(error, Dot(direction, product));
            for (int i = 0; i < _count; i++)
            {
                solution[i] += along * direction[i];
                left[i] -= along * product[i];
            }

            Vector4 before = error;
            error = Relax(left);
            Vector4 share = Divide(error, before);
            for (int i = 0; i < _count; i++)
            {
                direction[i] = _relaxed[i] + (share * direction[i]);
            }
        }

        return solution;
    }

    private void Multiply(Vector4[] values, Vector4[] product)
    {
        for (int i = 0; i < _count; i++)
        {
            product[i] = (of.Sums[i] * values[i]) - Neighbours(values, i, 0, PixelNeighbours.Each);
        }
    }

    /// <summary>One sweep down and one up, into the relaxed values.</summary>
    /// <returns>The products of what is left with them.</returns>
    private Vector4 Relax(Vector4[] left)
    {
        for (int i = 0; i < _count; i++)
        {
            _relaxed[i] = (left[i] + (Relaxation * Neighbours(_relaxed, i, 0, PixelNeighbours.Each / 2))) / of.Sums[i];
        }

        for (int i = _count - 1; i >= 0; i--)
        {
            _relaxed[i] += Relaxation / of.Sums[i] * Neighbours(_relaxed, i, PixelNeighbours.Each / 2, PixelNeighbours.Each);
        }

        return Dot(left, _relaxed);
    }

    private Vector4 Neighbours(Vector4[] values, int unknown, int first, int end)
    {
        Vector4 sum = Vector4.Zero;
        for (int n = first; n < end; n++)
        {
            sum += PixelNeighbours.Weight(n) * values[of.Places[(unknown * PixelNeighbours.Each) + n]];
        }

        return sum;
    }

    private Vector4 Dot(Vector4[] a, Vector4[] b)
    {
        Vector4 sum = Vector4.Zero;
        for (int i = 0; i < _count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static bool IsBelow(Vector4 error, Vector4 enough) => error.X <= enough.X && error.Y <= enough.Y && error.Z <= enough.Z && error.W <= enough.W;

    // A side that is solved already has nothing to go along.
    private static Vector4 Divide(Vector4 a, Vector4 b) => new(b.X > 0 ? a.X / b.X : 0, b.Y > 0 ? a.Y / b.Y : 0, b.Z > 0 ? a.Z / b.Z : 0, b.W > 0 ? a.W / b.W : 0);
}
