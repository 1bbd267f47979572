using System.Net;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A page that is filled in. Whatever is filled in is text, and becomes no markup, unless it is <see cref="Markup"/>.</summary>
internal static class PageTemplate
{
    /// <param name="name">The template's resource.</param>
    /// <param name="values">What it names, in snake_case.</param>
    public static string Render(string name, object values)
    {
        Template template = Template.Parse(EmbeddedText.Read(name), name);
        if (template.HasErrors)
        {
            throw new InvalidOperationException(string.Join('\n', template.Messages));
        }

        var context = new EscapingContext { StrictVariables = true, LoopLimit = int.MaxValue, LimitToString = 0 };
        var named = new ScriptObject();
        named.Import(values);
        context.PushGlobal(named);
        return template.Render(context);
    }

    /// <summary>What every page begins with.</summary>
    /// <param name="title">The page's name.</param>
    /// <param name="styles">The style sheets, which become part of the page.</param>
    public static Markup Head(string title, params IEnumerable<string> styles) => new(Render("report/head.html", new
    {
        Title = title,
        Styles = new Markup(string.Concat(styles.Select(style => EmbeddedText.Read("report/" + style)))),
    }));

    /// <summary>Scriban writes what an expression gives by this method, and a template's own text by others.</summary>
    private sealed class EscapingContext : TemplateContext
    {
        public override TemplateContext Write(SourceSpan span, object? textAsObject)
            => textAsObject is Markup markup ? Write(markup.Html, 0, markup.Html.Length) : Write(WebUtility.HtmlEncode(ObjectToString(textAsObject)));
    }
}

/// <summary>What is put into a page as it is: our own script and style, and what this program made of markup.</summary>
/// <param name="Html">The markup.</param>
internal sealed record Markup(string Html);
