using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>Axe's verdict on a page.</summary>
internal static class Accessible
{
    private static readonly RunOnlyOptions Rules = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

    /// <summary>Fails where a rule is broken.</summary>
    /// <param name="page">As it stands.</param>
    /// <param name="what">What is seen, for the message.</param>
    public static async Task IsAsync(IPage page, string what)
    {
        // What passes is not written down place by place, which would take longer than to find it.
        AxeResult found = await page.RunAxe(new AxeRunOptions { RunOnly = Rules, ResultTypes = [ResultType.Violations] });
        Assert.IsEmpty(found.Violations, $"{what}: " + string.Join('\n', found.Violations.Select(each => $"{each.Id}: {each.Help} {string.Join(' ', each.Nodes.Select(node => node.Html))}")));
    }
}
