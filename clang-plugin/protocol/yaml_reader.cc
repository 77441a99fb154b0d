// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "clang-plugin/protocol/yaml_reader.h"

#include <utility>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/YAMLParser.h"

namespace flushdep::plugin {
namespace {

namespace yaml = llvm::yaml;

// Levels of flow brackets. LLVM's parser calls itself for each; a protocol has at most 4.
constexpr unsigned kMaxNesting = 1000;

// Where brackets open for the first time deeper than that; null if nowhere. Brackets in
// quotes and comments count too, which balances out in any file but one made to deceive.
const char* TooDeep(llvm::StringRef text) {
  unsigned depth = 0;
  for (const char& c : text) {
    if (c == '[' || c == '{') {
      if (++depth > kMaxNesting) return &c;
    } else if ((c == ']' || c == '}') && depth != 0) {
      --depth;
    }
  }
  return nullptr;
}

class Reader {
 public:
  Reader(llvm::StringRef text, llvm::StringRef file, std::vector<FileError>& errors)
      : text_(text), file_(file), errors_(errors), stream_(text, sources_) {
    sources_.setDiagHandler(&Reader::OnSyntaxError, this);
  }

  // Only a file without any error defines something.
  bool Read(Protocol& protocol) {
    const size_t before = errors_.size();
    if (const char* where = TooDeep(text_)) {
      Error(llvm::SMLoc::getFromPointer(where),
            "nested deeper than " + llvm::Twine(kMaxNesting) + " levels, as no protocol is");
      return false;
    }
    auto document = stream_.begin();
    if (document == stream_.end() || document->getRoot() == nullptr || stream_.failed() ||
        llvm::isa<yaml::NullNode>(document->getRoot()))
      NoteSyntaxFallback(before);
    else
      ReadTop(document->getRoot());
    if (stream_.failed()) NoteSyntaxFallback(before);
    if (errors_.size() != before) return false;
    for (auto& [name, function] : functions_) protocol.Define(name, std::move(function));
    return true;
  }

 private:
  static void OnSyntaxError(const llvm::SMDiagnostic& diagnostic, void* self) {
    auto* reader = static_cast<Reader*>(self);
    const unsigned line = diagnostic.getLineNo() > 0 ? diagnostic.getLineNo() : 0;
    reader->errors_.push_back({reader->file_.str(), line,
                               static_cast<unsigned>(diagnostic.getColumnNo() + 1),
                               "YAML syntax: " + diagnostic.getMessage().str()});
  }

  void NoteSyntaxFallback(size_t before) {
    if (errors_.size() == before)
      errors_.push_back(
          {file_.str(), 1, 1, "no protocol here; a file starts with 'flushdep-protocol: 1'"});
  }

  void Error(llvm::SMLoc where, const llvm::Twine& message) {
    unsigned line = 1;
    unsigned column = 1;
    const char* at = where.isValid() ? where.getPointer() : text_.begin();
    if (at >= text_.begin() && at <= text_.end()) {
      const llvm::StringRef before(text_.begin(), at - text_.begin());
      line = before.count('\n') + 1;
      column = before.size() -
               (before.rfind('\n') == llvm::StringRef::npos ? 0 : before.rfind('\n') + 1) + 1;
    }
    errors_.push_back({file_.str(), line, column, message.str()});
  }
  void Error(const yaml::Node* node, const llvm::Twine& message) {
    Error(node != nullptr ? node->getSourceRange().Start : llvm::SMLoc(), message);
  }

  // The text of a scalar; an error names what was expected.
  bool Scalar(yaml::Node* node, const llvm::Twine& what, llvm::StringRef& out) {
    auto* scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(node);
    if (scalar == nullptr) return Error(node, what + " must be a plain value"), false;
    llvm::SmallString<64> storage;
    out = saver_.save(scalar->getValue(storage));
    return true;
  }

  void ReadTop(yaml::Node* root) {
    auto* top = llvm::dyn_cast<yaml::MappingNode>(root);
    if (top == nullptr) return Error(root, "expected keys; allowed: flushdep-protocol, functions");
    bool versioned = false;
    for (yaml::KeyValueNode& entry : *top) {
      llvm::StringRef key;
      if (!Scalar(entry.getKey(), "a key", key)) return;
      if (key == "flushdep-protocol") {
        versioned = true;
        if (!ReadVersion(entry.getValue())) return;
      } else if (key == "functions") {
        ReadFunctions(entry.getValue());
      } else {
        entry.skip();
        Error(entry.getKey(), "unknown key '" + key + "'; allowed: flushdep-protocol, functions");
      }
      if (stream_.failed()) return;
    }
    if (!versioned) Error(root, "missing key 'flushdep-protocol: 1'");
  }

  bool ReadVersion(yaml::Node* node) {
    llvm::StringRef text;
    if (!Scalar(node, "'flushdep-protocol'", text)) return false;
    int version = 0;
    if (!text.getAsInteger(10, version) && version == kProtocolVersion) return true;
    Error(node, "protocol version '" + text + "' is not known; this flushdep reads version " +
                    llvm::Twine(kProtocolVersion));
    return false;
  }

  void ReadFunctions(yaml::Node* node) {
    auto* list = llvm::dyn_cast_or_null<yaml::SequenceNode>(node);
    if (list == nullptr) return Error(node, "'functions' must be a list");
    for (yaml::Node& item : *list) {
      ReadFunction(&item);
      if (stream_.failed()) return;
    }
  }

  void ReadFunction(yaml::Node* node) {
    auto* keys = llvm::dyn_cast<yaml::MappingNode>(node);
    if (keys == nullptr) return Error(node, "a function needs keys; allowed: name, effects");
    std::vector<llvm::StringRef> names;
    FunctionProtocol function;
    const llvm::SMLoc where = node->getSourceRange().Start;
    bool has_effects = false;
    for (yaml::KeyValueNode& entry : *keys) {
      llvm::StringRef key;
      if (!Scalar(entry.getKey(), "a key", key)) return;
      if (key == "name") {
        ReadNames(entry.getValue(), names);
      } else if (key == "effects") {
        has_effects = true;
        ReadEffects(entry.getValue(), function);
      } else {
        entry.skip();
        Error(entry.getKey(), "unknown key '" + key + "'; allowed: name, effects");
      }
    }
    if (names.empty()) return Error(where, "a function needs 'name'");
    if (!has_effects) return Error(where, "a function needs 'effects' ([] if it has none)");
    function.source = file_.str() + ":" + std::to_string(LineOf(where));
    for (llvm::StringRef name : names) functions_.emplace_back(name.str(), function);
  }

  unsigned LineOf(llvm::SMLoc where) const {
    return llvm::StringRef(text_.begin(), where.getPointer() - text_.begin()).count('\n') + 1;
  }

  // One name, or a list of functions that do the same.
  void ReadNames(yaml::Node* node, std::vector<llvm::StringRef>& names) {
    llvm::StringRef name;
    if (auto* list = llvm::dyn_cast_or_null<yaml::SequenceNode>(node)) {
      for (yaml::Node& item : *list)
        if (Scalar(&item, "a name", name)) names.push_back(name);
      return;
    }
    if (Scalar(node, "'name'", name)) names.push_back(name);
  }

  void ReadEffects(yaml::Node* node, FunctionProtocol& function) {
    auto* list = llvm::dyn_cast_or_null<yaml::SequenceNode>(node);
    if (list == nullptr) return Error(node, "'effects' must be a list");
    for (yaml::Node& item : *list) ReadEffect(&item, function);
  }

  void ReadEffect(yaml::Node* node, FunctionProtocol& function) {
    auto* keys = llvm::dyn_cast<yaml::MappingNode>(node);
    if (keys == nullptr)
      return Error(node, "an effect is written 'verb: operand'; verbs: " + VerbList());
    const llvm::SMLoc start = node->getSourceRange().Start;
    std::vector<EffectItem> items;
    for (yaml::KeyValueNode& entry : *keys) {
      EffectItem item;
      if (!Scalar(entry.getKey(), "a key", item.key)) return;
      item.where = entry.getKey()->getSourceRange().Start;
      if (!Scalar(entry.getValue(), "'" + item.key + "'", item.value)) return;
      items.push_back(item);
    }
    EffectError error;
    const std::optional<Effect> effect = BuildEffect(items, error);
    if (effect)
      function.effects.push_back(*effect);
    else
      Error(error.where.isValid() ? error.where : start, error.message);
  }

  llvm::StringRef text_;
  llvm::StringRef file_;
  std::vector<FileError>& errors_;
  llvm::BumpPtrAllocator allocator_;
  llvm::StringSaver saver_{allocator_};
  llvm::SourceMgr sources_;
  yaml::Stream stream_;
  std::vector<std::pair<std::string, FunctionProtocol>> functions_;
};

}  // namespace

std::string FileError::Text() const {
  if (line == 0) return file + ": " + message;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

bool ReadProtocolText(llvm::StringRef text, llvm::StringRef file, Protocol& protocol,
                      std::vector<FileError>& errors) {
  return Reader(text, file, errors).Read(protocol);
}

bool ReadProtocolFile(llvm::StringRef file, Protocol& protocol, std::vector<FileError>& errors) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer) {
    errors.push_back({file.str(), 0, 0,
                      "cannot read protocol file: " + buffer.getError().message() +
                          "; give an existing file with protocol=FILE"});
    return false;
  }
  return ReadProtocolText((*buffer)->getBuffer(), file, protocol, errors);
}

}  // namespace flushdep::plugin
