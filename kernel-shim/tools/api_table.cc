// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// flushdep_api_table INCLUDE_DIR: the table of docs/kernel-shim.md, on stdout.
//
// Reads the marks of the shim's headers. A mark is a comment that starts with
// "faithful", "partial" or "empty" and holds for every name that is declared
// after it, until the next mark. A name declared before the first mark of its
// header must be the shim's own (flushdep_*); another one is an error (status 1), and so
// is a header that declares names and has no mark.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace
{

constexpr std::array<const char *, 3> kMarks = {"faithful", "partial", "empty"};

struct Header {
	std::map<std::string, std::set<std::string>> names; // by mark
	std::vector<std::string> unmarked;
};

std::string Read(const std::filesystem::path &path)
{
	std::ifstream in(path);
	std::ostringstream text;
	text << in.rdbuf();
	return text.str();
}

// Joins continued lines and cuts the shim's own prefixes, so that one line is one declaration.
std::vector<std::string> Lines(std::string text)
{
	text = std::regex_replace(text, std::regex("\\\\\n"), " ");
	text = std::regex_replace(text, std::regex("\nFLUSHDEP_CALL "), "\n");
	std::vector<std::string> lines;
	std::istringstream in(text);
	for (std::string line; std::getline(in, line);)
		lines.push_back(line);
	return lines;
}

std::optional<std::string> MarkOf(const std::string &comment)
{
	std::smatch match;
	static const std::regex mark("^/\\*[\\s*]*(faithful|partial|empty)\\b");
	if (std::regex_search(comment, match, mark))
		return match[1].str();
	return std::nullopt;
}

// The name that a line at the left margin declares, if it does.
std::optional<std::string> NameOf(const std::string &line)
{
	static const std::regex define("^#define (\\w+)");
	static const std::regex type("^(?:struct|union|enum) (\\w+) \\{");
	static const std::regex alias("^typedef .*?(\\w+)(?:\\[\\d+\\])?;$");
	static const std::regex alias_end("^\\} (\\w+);$");
	static const std::regex alias_function("^typedef void\\((\\w+)\\)");
	static const std::regex variable("^extern (?!__always_inline)[^(]*?(\\w+);$");
	static const std::regex function(
		"^(?!typedef|DEFINE_|FLUSHDEP_|_Static|return)[a-zA-Z_][^=;(]*?\\b(\\w+)\\(");
	static const std::regex generated("^(?:DEFINE_\\w+|FLUSHDEP_\\w+)\\((\\w+), (\\w+)");
	std::smatch match;
	for (const std::regex *form :
	     {&define, &type, &alias_function, &alias, &alias_end, &variable, &function})
		if (std::regex_search(line, match, *form))
			return match[1].str();
	if (std::regex_search(line, match, generated))
		return match[1].str();
	return std::nullopt;
}

bool IsOwn(const std::string &name)
{
	return name.starts_with("flushdep_") || name.starts_with("FLUSHDEP_") ||
	       name == "__attribute__";
}

Header Parse(const std::filesystem::path &path)
{
	Header header;
	std::string mark, comment;
	bool in_comment = false;
	for (const std::string &line : Lines(Read(path))) {
		if (line.starts_with("/*")) {
			in_comment = true;
			comment.clear();
		}
		if (in_comment) {
			comment += line + "\n";
			in_comment = line.find("*/") == std::string::npos;
			if (!in_comment)
				mark = MarkOf(comment).value_or(mark);
			continue;
		}
		std::optional<std::string> name = NameOf(line);
		if (!name || IsOwn(*name))
			continue;
		if (mark.empty())
			header.unmarked.push_back(*name);
		else
			header.names[mark].insert(*name);
	}
	return header;
}

std::string Cell(const std::set<std::string> &names)
{
	std::string cell;
	for (const std::string &name : names)
		cell += (cell.empty() ? "`" : ", `") + name + "`";
	return cell;
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
		std::cerr << "usage: flushdep_api_table INCLUDE_DIR\n";
		return 2;
	}
	const std::filesystem::path top = argv[1];
	std::vector<std::filesystem::path> paths;
	for (const auto &entry : std::filesystem::recursive_directory_iterator(top))
		if (entry.path().extension() == ".h")
			paths.push_back(entry.path());
	std::sort(paths.begin(), paths.end());

	int status = 0;
	std::cout << "| header | faithful | partial | empty |\n|---|---|---|---|\n";
	for (const auto &path : paths) {
		Header header = Parse(path);
		std::string name = path.lexically_relative(top).string();
		for (const std::string &unmarked : header.unmarked) {
			std::cerr << name << ": '" << unmarked << "' has no mark\n";
			status = 1;
		}
		if (header.names.empty())
			continue;
		std::cout << "| " << name;
		for (const char *mark : kMarks)
			std::cout << " | " << Cell(header.names[mark]);
		std::cout << " |\n";
	}
	return status;
}
